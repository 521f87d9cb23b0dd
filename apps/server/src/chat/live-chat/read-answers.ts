import type {
  ChatSurveyForm,
  ChatSurveyQuestion,
  ChatSurveySubmission,
  QuestionWithAnswer,
} from '@parley/contract'
import type { ErrorDetail } from '@parley/contract'
import { ParleyError } from '#base/kernel'

/**
 * Checks a submission against its form. Only answered questions are stored, in the order of the form. Several chosen options
 * become one text, joined with semicolons.
 */
export function readAnswers(
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
  return form.questions.flatMap(({ questionId, text }) => {
    const answer = (given.get(questionId) ?? []).join(';')
    return answer === '' ? [] : [{ question: text, answer }]
  })
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
