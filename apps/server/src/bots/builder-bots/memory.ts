import * as z from 'zod'
import type { SecretMask } from '#base/kit'
import { DialogState, type Note, withoutDialog } from '#bots/builder-dialog'

/** What support is shown of one turn: notes, and characters of each. */
const MAX_NOTES = 20
const MAX_NOTE_CHARACTERS = 300

const KeptNote = z.object({ interaction: z.string(), what: z.string() })

/** What a bot keeps of a conversation, in the commit of its messages. */
export const Memory = z.object({
  /** Of the export with which the conversation began. */
  revision: z.int().positive(),
  state: DialogState,
  /** Since when it stands where it is in its dialogs, in milliseconds since 1970. */
  at: z.number().optional(),
  /** Of the last turn. */
  notes: z.array(KeptNote).optional(),
})
export type Memory = z.infer<typeof Memory>

/** Where a conversation goes on that somebody else has had meanwhile: its variables stay, its dialog is over. */
export function resumed(earlier: Memory | undefined): Memory | undefined {
  if (!earlier) return undefined
  const { revision, state } = earlier
  return { revision, state: withoutDialog(state) }
}

/** The memory after a turn that was taken at this time. */
export function memoryAfter(
  before: Memory | undefined,
  after: Pick<Memory, 'revision' | 'state' | 'notes'>,
  now: number,
): Memory {
  const stands =
    before?.state.dialogId === after.state.dialogId && before?.state.waiting === after.state.waiting
  return { ...after, at: (stands ? before?.at : undefined) ?? now }
}

/** Notes as they are stored: without secrets that functions of the account have read. */
export function keptNotes(notes: readonly Note[], mask: SecretMask): Memory['notes'] {
  return notes.slice(0, MAX_NOTES).map(({ interaction, what }) => ({
    interaction,
    what: mask.text(what, MAX_NOTE_CHARACTERS),
  }))
}
