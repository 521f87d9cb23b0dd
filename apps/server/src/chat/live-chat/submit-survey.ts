import type { ChatSurveySubmission } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { changeChat } from './change-chat.ts'
import type { ChatRoom } from './deps.ts'
import { readAnswers } from './read-answers.ts'
import type { ChatState } from './state.ts'
import { surveyEnded } from './transcript-row.ts'

export type OpenSurvey = NonNullable<ChatState['survey']>

/** The survey of an ended chat while it may be filled in. */
export function openSurvey(state: ChatState, now: number): OpenSurvey {
  if (state.stage !== 'ended') {
    throw new ParleyError('chat_not_ended', 'The survey begins when the chat has ended')
  }
  const { survey } = state
  if (!survey) throw new ParleyError('chat_survey_not_found', 'This chat has no survey')
  if (survey.submitted) {
    throw new ParleyError('chat_survey_submitted', 'The survey has been submitted already')
  }
  if (now >= survey.openUntil) {
    throw new ParleyError('chat_survey_expired', 'The survey is closed a day after the chat')
  }
  return survey
}

/** Of several submissions one counts. Who gets the transcript is decided after the commit, from its outbox row. */
export async function submitSurvey(
  room: ChatRoom,
  accountId: string,
  chatId: string,
  submission: ChatSurveySubmission,
): Promise<{ submittedAt: number }> {
  const { state } = await changeChat(room, accountId, chatId, (draft) => {
    const survey = openSurvey(draft.state, draft.at)
    const { csatRank } = submission
    survey.submitted = {
      at: draft.at,
      ...(csatRank !== undefined && { csatRank }),
      questionWithAnswers: readAnswers(survey.form, submission),
    }
    draft.outbox.push(room.transcripts.decisionRow(surveyEnded(draft.state, room.ids.uuid())))
  })
  return { submittedAt: state.survey?.submitted?.at ?? room.clock.now() }
}
