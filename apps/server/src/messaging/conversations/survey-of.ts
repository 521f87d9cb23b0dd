import type { ConversationState } from '@parley/contract'
import {
  type Actor,
  closeConversation,
  closeDialog,
  type Decision,
  mainDialog,
  type Survey,
} from '#messaging/rules'
import type { Ending, WriteDeps } from './deps.ts'

type SurveyDeps = Pick<WriteDeps, 'surveyAfter' | 'ids'>

/** The survey that follows when MAIN is closed in this way, with the id of its dialog. */
export async function surveyOf(
  { surveyAfter, ids }: SurveyDeps,
  accountId: string,
  state: ConversationState,
  ending: Ending,
): Promise<Survey | undefined> {
  const bot = await surveyAfter(accountId, state, ending)
  return bot && { ...bot, dialogId: ids.uuid() }
}

/** Closes the conversation for the system: MAIN only, where a survey follows. */
export async function closeBySystem(
  deps: SurveyDeps,
  accountId: string,
  decision: Decision,
  system: Actor,
  ending: Exclude<Ending, 'participant'>,
): Promise<void> {
  const { state } = decision
  const autoClosed = ending === 'time'
  const survey = state.state === 'OPEN' ? await surveyOf(deps, accountId, state, ending) : undefined
  if (!survey) return closeConversation(decision, system, { autoClosed })
  closeDialog(decision, system, mainDialog(state).dialogId, { survey, autoClosed })
}
