import * as z from 'zod'
import { MAX_MESSAGE_CHARACTERS } from '../text.ts'
import { defineCommand, cleanText } from './command.ts'

/** Longest text of a message; what is longer is no message. */
export const MAX_TEXT_CHARACTERS = MAX_MESSAGE_CHARACTERS

/** A message into the conversation instead of the default automatic message; an empty list or text sends nothing. */
export const systemMessage = defineCommand({
  type: 'systemMessage',
  schema: z.object({
    type: z.literal('systemMessage'),
    text: z.union([z.string(), z.array(z.unknown()).max(0)]),
  }),
  order: 1,
  countsAfterEnd: true,
  replacesDefaultMessage: true,

  parse({ text }) {
    const type = 'systemMessage' as const
    if (Array.isArray(text) && text.length === 0) return { ok: true, command: { type, text: [] } }
    if (typeof text !== 'string') {
      return { ok: false, reason: 'The text is neither a string nor []' }
    }
    if (text.length > MAX_TEXT_CHARACTERS) {
      return { ok: false, reason: `The text is longer than ${MAX_TEXT_CHARACTERS} characters` }
    }
    return { ok: true, command: { type, text: cleanText(text) } }
  },

  ask({ text }) {
    if (typeof text !== 'string' || text.trim() === '') {
      return { applied: true, reasons: ['Nothing is sent, nor the default message'] }
    }
    return { action: { type: 'message', text }, applied: true, reasons: [] }
  },
})
