import type { previewSurvey as spec, SurveyRun } from '@parley/contract'
import type * as z from 'zod'
import { beginRun, takeAnswer } from './run-rules.ts'
import { languageOf } from './say-in.ts'
import { PROVIDER } from './survey-message.ts'

type Asked = z.output<(typeof spec)['body']>
type Preview = z.output<(typeof spec)['reply']>

/** What a survey says to answers, by the rules of real ones. What answers nothing is left out. */
export function previewSurvey({ definition, language, listed, said }: Asked, at: number): Preview {
  const fresh: SurveyRun = {
    dialogId: '',
    conversationId: '',
    consumerId: '',
    surveyId: 0,
    revision: 0,
    skillId: '',
    language: languageOf(language, definition.language),
    listed,
    startedAt: at,
    expiresAt: at,
    answers: [],
  }
  const lines: Preview['lines'] = []
  let step = beginRun(definition, fresh, 0)
  const hear = (): void =>
    void lines.push(...step.messages.map(({ event }) => ({ by: 'bot' as const, event })))
  hear()
  for (const { text, clicked } of said) {
    if (step.isOver) break
    const event = { type: 'ContentEvent' as const, contentType: 'text/plain', message: text }
    const metadata = clicked && [{ type: 'Answer', ...clicked, provider: PROVIDER }]
    const answer = { sequence: lines.length, at, event, ...(metadata && { metadata }) }
    const next = takeAnswer(definition, step.run, answer, lines.length + 1)
    if (!next) continue
    lines.push({ by: 'consumer', event })
    step = next
    hear()
  }
  const { answers, open } = step.run
  return { lines, answers, ...(open && !step.isOver && { questionId: open.questionId }) }
}
