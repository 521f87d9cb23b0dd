import { type ChangeFacts, clientFeaturesOf, type ConversationState } from '@parley/contract'
import { perAccount } from '#base/kit'
import type { ChangeObserver, ConversationDecisions } from '#messaging/conversations'
import type { Base, Store } from '#base/store'
import { surveyBotOf } from './bot-identity.ts'
import { findChoice, listSkills, listSurveys } from './repository.ts'
import { surveyDialog } from './survey-dialog.ts'

/** The name of the survey bot's outbox consumer of changes. */
export const CONSUMER = 'survey-bot'

/** Which survey follows on which skill, in memory: read at the end of every conversation. */
export interface SurveyAssignments extends Disposable, Pick<ConversationDecisions, 'surveyAfter'> {
  /** Wants the changes that a survey begins, goes on or ends with. */
  observer: ChangeObserver
  /** To be called after a change is committed: here at once, on the other nodes soon. */
  changed(accountId: string): void
}

interface Assigned {
  /** Values are ids of installations. */
  bySkill: Map<string, string>
  bySurvey: Map<number, string>
}

/** Open it before conversations, which ask it for the survey that follows. */
export function openSurveyAssignments({ store }: Pick<Base, 'store'>): SurveyAssignments {
  const assigned = perAccount(store, 'surveys', (accountId) => read(store, accountId))
  return {
    async surveyAfter(accountId, conversation) {
      // A client that knows only one dialog cannot show a survey.
      if (!clientFeaturesOf(conversation)?.includes('MULTI_DIALOG')) return undefined
      const appInstallId = await installationAfter(accountId, conversation)
      return appInstallId === undefined ? undefined : { appInstallId, bot: surveyBotOf(accountId) }
    },
    observer: { consumer: CONSUMER, wants },
    changed: assigned.changed,
    [Symbol.dispose]: () => assigned[Symbol.dispose](),
  }

  /** The survey that was chosen by hand, else that of the last skill. */
  async function installationAfter(
    accountId: string,
    { conversationId, skillId }: ConversationState,
  ): Promise<string | undefined> {
    const chosen = await findChoice(store.db, accountId, conversationId)
    if (chosen?.choice === 'suppress') return undefined
    const { bySkill, bySurvey } = await assigned.get(accountId)
    return chosen?.choice === 'send' && chosen.surveyId !== undefined
      ? bySurvey.get(chosen.surveyId)
      : bySkill.get(skillId)
  }
}

function wants({ change, conversation }: ChangeFacts): boolean {
  const dialog = surveyDialog(conversation)
  if (!dialog) return false
  if (change.kind === 'closed') return dialog.state === 'OPEN'
  if (change.kind === 'message')
    return change.role === 'CONSUMER' && change.dialogId === dialog.dialogId
  return change.kind === 'survey-closed'
}

async function read({ db }: Store, accountId: string): Promise<Assigned> {
  const surveys = await listSurveys(db, accountId)
  const bySurvey = new Map(surveys.map(({ surveyId, appInstallId }) => [surveyId, appInstallId]))
  const bySkill = new Map<string, string>()
  for (const { skillId, surveyId } of await listSkills(db, accountId)) {
    const appInstallId = bySurvey.get(surveyId)
    if (appInstallId !== undefined) bySkill.set(skillId, appInstallId)
  }
  return { bySkill, bySurvey }
}
