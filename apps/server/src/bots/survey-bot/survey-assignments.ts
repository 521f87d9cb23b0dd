import { type ChangeFacts, clientFeaturesOf, type ConversationState } from '@parley/contract'
import { perAccount } from '#base/kit'
import type { ChangeObserver, ConversationDecisions, Ending } from '#messaging/conversations'
import type { Base, Store } from '#base/store'
import { surveyBotOf } from './bot-identity.ts'
import { findChoice, listSkills, listSurveys, type StoredSurvey } from './repository.ts'
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

type Assignable = Pick<StoredSurvey, 'appInstallId' | 'definition'>

interface Assigned {
  bySkill: Map<string, Assignable>
  bySurvey: Map<number, Assignable>
}

/** Open it before conversations, which ask it for the survey that follows. */
export function openSurveyAssignments({ store }: Pick<Base, 'store'>): SurveyAssignments {
  const assigned = perAccount(store, 'surveys', (accountId) => read(store, accountId))
  return {
    async surveyAfter(accountId, conversation, ending) {
      // A client that knows only one dialog cannot show a survey.
      if (!clientFeaturesOf(conversation)?.includes('MULTI_DIALOG')) return undefined
      // Nobody is asked how well it was served where nobody has served it.
      if (conversation.assignedAt === undefined) return undefined
      const survey = await surveyFor(accountId, conversation)
      if (!survey || !follows(survey, ending)) return undefined
      return { appInstallId: survey.appInstallId, bot: surveyBotOf(accountId) }
    },
    observer: { consumer: CONSUMER, takesChanges: true, wants },
    changed: assigned.changed,
    [Symbol.dispose]: () => assigned[Symbol.dispose](),
  }

  /** The survey that was chosen by hand, else that of the last skill. */
  async function surveyFor(
    accountId: string,
    { conversationId, skillId }: ConversationState,
  ): Promise<Assignable | undefined> {
    const chosen = await findChoice(store.db, accountId, conversationId)
    if (chosen?.choice === 'suppress') return undefined
    const { bySkill, bySurvey } = await assigned.get(accountId)
    return chosen?.choice === 'send' && chosen.surveyId !== undefined
      ? bySurvey.get(chosen.surveyId)
      : bySkill.get(skillId)
  }
}

function follows({ definition }: Assignable, ending: Ending): boolean {
  switch (ending) {
    case 'participant':
      return true
    case 'function':
      return definition.afterFunctionClose
    case 'time':
      return definition.afterAutoClose
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
  const bySurvey = new Map<number, Assignable>(surveys.map((survey) => [survey.surveyId, survey]))
  const bySkill = new Map<string, Assignable>()
  for (const { skillId, surveyId } of await listSkills(db, accountId)) {
    const survey = bySurvey.get(surveyId)
    if (survey) bySkill.set(skillId, survey)
  }
  return { bySkill, bySurvey }
}
