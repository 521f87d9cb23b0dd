import * as z from 'zod'
import { SkillId } from '../accounts.ts'
import { MAX_MESSAGE_CHARACTERS, StorableText } from '../text.ts'
import { groupWithPath } from './group.ts'

const MAX_ANSWERS = 500
/** All together: every node keeps them for the accounts that it serves. */
const MAX_CHARACTERS = 200_000

/** A text that agents insert into an answer by typing `/` and its name. */
const CannedAnswer = z.object({
  name: StorableText.regex(/^\S{1,64}$/, 'must be 1 to 64 characters without spaces'),
  text: StorableText.min(1, 'must not be empty').max(MAX_MESSAGE_CHARACTERS),
  /** Offered in conversations of these skills; in all when it is empty. */
  skillIds: z.array(SkillId).max(100).default([]),
})
export type CannedAnswer = z.infer<typeof CannedAnswer>

const Answers = z
  .array(CannedAnswer)
  .max(MAX_ANSWERS)
  .superRefine((answers, context) => {
    const names = new Set<string>()
    for (const [index, { name }] of answers.entries()) {
      if (names.has(name)) {
        const message = `must be unique: there is another "${name}"`
        context.addIssue({ code: 'custom', path: [index, 'name'], message })
      }
      names.add(name)
    }
    const characters = answers.reduce((sum, { text }) => sum + text.length, 0)
    if (characters > MAX_CHARACTERS) {
      const message = `must have at most ${MAX_CHARACTERS} characters in all texts together`
      context.addIssue({ code: 'custom', message })
    }
  })

export const cannedAnswers = groupWithPath('canned-answers', {
  purpose: 'Texts that agents insert into their answers, for all skills or some',
  replaces: 'Replaces all canned answers',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({ answers: Answers.default([]) }),
})

export const { get: getCannedAnswers, put: setCannedAnswers } = cannedAnswers
