import { z } from 'zod'
import { DialogState } from '#bots/builder-dialog'

/** What a bot keeps of a conversation, in the commit of its messages. */
export const Memory = z.object({
  /** Of the export with which the conversation began. */
  revision: z.int().positive(),
  state: DialogState,
  /** Since when it stands where it is in its dialogs, in milliseconds since 1970. */
  at: z.number().optional(),
})
export type Memory = z.infer<typeof Memory>

/** The memory after a turn that was taken at this time. */
export function memoryAfter(
  before: Memory | undefined,
  after: Omit<Memory, 'at'>,
  now: number,
): Memory {
  const stands =
    before?.state.dialogId === after.state.dialogId && before?.state.waiting === after.state.waiting
  return { ...after, at: (stands ? before?.at : undefined) ?? now }
}
