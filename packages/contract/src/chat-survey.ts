import * as z from 'zod'
import { StorableText } from './text.ts'

const Wording = StorableText.trim().min(1, 'must not be empty').max(500)

/** How long a survey may be filled in after its chat has ended. */
export const CHAT_SURVEY_OPEN_MS = 24 * 3600_000

/** How satisfied the consumer was: 1 to 5. */
export const CsatRank = z.int().min(1).max(5)

const question = {
  questionId: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -'),
  text: Wording,
  required: z.boolean().default(false),
}

/** Several chosen options arrive in functions as one text, joined with semicolons. */
const Option = Wording.refine((text) => !text.includes(';'), 'must not contain a semicolon')
const Options = z
  .array(Option)
  .min(1)
  .max(50)
  .refine((options) => new Set(options).size === options.length, 'must differ from each other')

/** A question after a chat. `single` and `multiple` ones have options, `text` ones do not. */
export const ChatSurveyQuestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), ...question }),
  z.object({ kind: z.literal('single'), options: Options, ...question }),
  z.object({ kind: z.literal('multiple'), options: Options, ...question }),
])
export type ChatSurveyQuestion = z.infer<typeof ChatSurveyQuestion>

/** What a consumer is asked after a chat: how satisfied, from 1 to 5, and the configured questions. */
export const ChatSurveyForm = z.object({
  csatQuestion: Wording.default('How satisfied were you with this chat?'),
  csatRequired: z.boolean().default(true),
  questions: z
    .array(ChatSurveyQuestion)
    .max(50)
    .default([])
    .refine(
      (questions) =>
        new Set(questions.map(({ questionId }) => questionId)).size === questions.length,
      'must have questionIds that differ from each other',
    ),
})
export type ChatSurveyForm = z.infer<typeof ChatSurveyForm>

/** The chosen options of a `multiple` question, the one of a `single` one, or a text. */
export const ChatSurveyAnswer = z.object({
  questionId: z.string(),
  answer: z.union([StorableText.max(4000), z.array(StorableText.max(500)).max(50)]),
})
export type ChatSurveyAnswer = z.infer<typeof ChatSurveyAnswer>

/** What the consumer submits: all answers at once, once. */
export const ChatSurveySubmission = z.object({
  csatRank: CsatRank.optional(),
  answers: z.array(ChatSurveyAnswer).max(50).default([]),
})
export type ChatSurveySubmission = z.infer<typeof ChatSurveySubmission>

/** A question with its answer as functions get them (`spec/events.md` 4). */
export const QuestionWithAnswer = z.object({ question: z.string(), answer: z.string() })
export type QuestionWithAnswer = z.infer<typeof QuestionWithAnswer>
