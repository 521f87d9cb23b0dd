import * as z from 'zod'
import { defineCommand } from './command.ts'

/** Closes the conversation; `closeReason` is then SYSTEM. */
export const closeConversation = defineCommand({
  type: 'closeConversation',
  schema: z.object({ type: z.literal('closeConversation') }),
  order: 3,
  countsAfterEnd: false,
  replacesDefaultMessage: false,
  parse: () => ({ ok: true, command: { type: 'closeConversation' } }),
  ask: () => ({ action: { type: 'close' }, applied: true, reasons: [] }),
})
