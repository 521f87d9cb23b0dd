import { clientFeaturesOf, type ConversationState } from '@parley/contract'
import type { Store } from '#base/store'
import type { Assignments } from './assignments.ts'
import { surveyBotOf } from './bot-identity.ts'
import { findChoice } from './repository.ts'

/**
 * The survey that follows when MAIN closes: the one chosen by hand, else that of the last skill. Clients that know only
 * one dialog get none.
 */
export async function surveyAfter(
  { store, assignments }: { store: Store; assignments: Assignments },
  accountId: string,
  conversation: ConversationState,
): Promise<{ appInstallId: string; bot: { userId: string; pid: string } } | undefined> {
  if (!clientFeaturesOf(conversation)?.includes('MULTI_DIALOG')) return undefined
  const { conversationId, skillId } = conversation
  const chosen = await findChoice(store.db, accountId, conversationId)
  if (chosen?.choice === 'suppress') return undefined
  const appInstallId =
    chosen?.choice === 'send' && chosen.surveyId !== undefined
      ? await assignments.ofSurvey(accountId, chosen.surveyId)
      : await assignments.ofSkill(accountId, skillId)
  return appInstallId === undefined ? undefined : { appInstallId, bot: surveyBotOf(accountId) }
}
