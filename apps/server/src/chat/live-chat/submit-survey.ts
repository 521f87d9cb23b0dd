import { isDeepStrictEqual } from 'node:util'
import type {
  ChatSurveyForm,
  ChatSurveyQuestion,
  ChatSurveySubmission,
  ErrorDetail,
  QuestionWithAnswer,
} from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { SubmittedSurvey } from '#chat/transcripts'
import { changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import type { ChatState } from './state.ts'

type OpenSurvey = NonNullable<ChatState['survey']>

/** The survey of an ended chat while it may be filled in. */
export function openSurvey(state: ChatState, now: number): OpenSurvey {
  if (state.stage !== 'ended') {
    throw new ParleyError(
      'chat_not_ended',
      `The chat is ${state.stage}: the survey begins when it has ended`,
    )
  }
  const { survey } = state
  if (!survey) throw new ParleyError('chat_survey_not_found', 'This chat has no survey')
  if (survey.submitted) {
    throw new ParleyError('chat_survey_submitted', 'The survey is submitted: it cannot be changed')
  }
  if (now >= survey.openUntil) {
    throw new ParleyError(
      'chat_survey_expired',
      'The survey is closed: it is open for a day after the chat',
    )
  }
  return survey
}

/**
 * Only the first submission counts; the same one again is answered as before, as its answer may have been lost. Who gets the transcript is
 * decided after the commit, from its outbox row.
 */
export async function submitSurvey(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  submission: ChatSurveySubmission,
): Promise<{ submittedAt: number }> {
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    if (isSubmitted(draft.state, submission)) return
    const survey = openSurvey(draft.state, draft.at)
    const { csatRank } = submission
    survey.submitted = {
      at: draft.at,
      ...(csatRank !== undefined && { csatRank }),
      questionWithAnswers: readAnswers(survey.form, submission),
    }
    draft.outbox.push(deps.transcripts.decisionRow(submittedSurvey(draft.state, deps.ids.uuid())))
  })
  return { submittedAt: state.survey?.submitted?.at ?? deps.clock.now() }
}

function isSubmitted({ survey }: ChatState, submission: ChatSurveySubmission): boolean {
  if (!survey?.submitted) return false
  const { csatRank, questionWithAnswers } = survey.submitted
  return (
    csatRank === submission.csatRank &&
    isDeepStrictEqual(questionWithAnswers, readAnswers(survey.form, submission))
  )
}

/** What the decision about the transcript needs, as it is now: the outbox row may be handled much later. */
function submittedSurvey(state: ChatState, invocationId: string): SubmittedSurvey {
  const agent = state.agents.at(-1)
  const submitted = state.survey?.submitted
  const csatRank = submitted?.csatRank
  return {
    chatId: state.chatId,
    invocationId,
    skillId: state.skillId,
    ...(agent && { agentId: agent.agentId }),
    payload: {
      ...(csatRank !== undefined && { csatRank }),
      skillName: state.skillName,
      ...(agent && { agentName: agent.name }),
      questionWithAnswers: submitted?.questionWithAnswers ?? [],
    },
  }
}

/**
 * Checks a submission against its form. Only answered questions are stored, in the order of the form, the satisfaction last. Several chosen options
 * become one text, joined with semicolons.
 */
function readAnswers(
  form: ChatSurveyForm,
  { csatRank, answers }: ChatSurveySubmission,
): QuestionWithAnswer[] {
  const problems: ErrorDetail[] = []
  if (csatRank === undefined && form.csatRequired) {
    problems.push({ path: 'body.csatRank', message: 'is required' })
  }
  const given = new Map<string, string[]>()
  answers.forEach(({ questionId, answer }, index) => {
    const path = `body.answers.${index}`
    const question = form.questions.find((one) => one.questionId === questionId)
    if (!question) {
      problems.push({ path, message: `No question "${questionId}"` })
    } else if (given.has(questionId)) {
      problems.push({ path, message: `must not answer the question "${questionId}" twice` })
    } else {
      const values = [answer]
        .flat()
        .map((value) => value.trim())
        .filter(Boolean)
      const problem = problemOf(question, values)
      if (problem) problems.push({ path: `${path}.answer`, message: problem })
      given.set(questionId, values)
    }
  })
  for (const { questionId, required } of form.questions) {
    const unanswered = (given.get(questionId) ?? []).length === 0
    if (required && unanswered) {
      problems.push({
        path: 'body.answers',
        message: `must answer the question "${questionId}"`,
      })
    }
  }
  if (problems.length > 0) {
    const message = problems.map(({ path, message: rule }) => `${path}: ${rule}`).join('; ')
    throw new ParleyError('invalid_request', message, { details: problems })
  }
  const satisfaction =
    csatRank === undefined ? [] : [{ question: form.csatQuestion, answer: String(csatRank) }]
  const others = form.questions.flatMap(({ questionId, text }) => {
    const answer = (given.get(questionId) ?? []).join(';')
    return answer === '' ? [] : [{ question: text, answer }]
  })
  return [...others, ...satisfaction]
}

function problemOf(question: ChatSurveyQuestion, values: readonly string[]): string | undefined {
  switch (question.kind) {
    case 'text':
      return problemOfCount(values)
    case 'single':
      return problemOfCount(values) ?? problemOfOptions(question.options, values)
    case 'multiple':
      return problemOfOptions(question.options, values)
  }
}

function problemOfCount({ length }: readonly string[]): string | undefined {
  return length > 1 ? 'must be one answer' : undefined
}

function problemOfOptions(
  options: readonly string[],
  values: readonly string[],
): string | undefined {
  const unknown = values.find((value) => !options.includes(value))
  if (unknown !== undefined) return `must be options of the question: "${unknown}" is none`
  return new Set(values).size === values.length ? undefined : 'must not repeat an option'
}
