import type { Dialog } from './state.ts'
import type { WireRecord } from './wire.ts'

/** Up to where the messages of each dialog are here without a gap. What comes unasked may leave one before it. */
export interface Heard {
  /** From which sequence on a dialog is to be read; `undefined` where nothing is missing, or it is being read. */
  begin(dialogId: string): number | undefined
  /** @param records what was read; `undefined` when that failed */
  end(dialogId: string, records: readonly WireRecord[] | undefined): void
  hear(record: WireRecord): void
  /** Later messages may not come: they are read from where the known ones end. */
  interrupt(dialogs?: readonly Dialog[]): void
  /** The known messages are not kept any more. */
  forget(dialogs: readonly Dialog[]): void
}

export function openHeard(): Heard {
  const followed = new Set<string>()
  const reading = new Set<string>()
  const last = new Map<string, number>()

  function hear({ dialogId, sequence = -1 }: WireRecord): void {
    if (followed.has(dialogId)) last.set(dialogId, Math.max(sequence, last.get(dialogId) ?? -1))
  }

  return {
    begin(dialogId) {
      if (followed.has(dialogId) || reading.has(dialogId)) return undefined
      reading.add(dialogId)
      return (last.get(dialogId) ?? -1) + 1
    },
    end(dialogId, records) {
      reading.delete(dialogId)
      if (records) followed.add(dialogId)
      records?.forEach(hear)
    },
    hear,
    interrupt(dialogs) {
      if (!dialogs) {
        followed.clear()
        reading.clear()
      }
      for (const { dialogId } of dialogs ?? []) followed.delete(dialogId)
    },
    forget(dialogs) {
      for (const { dialogId } of dialogs) {
        followed.delete(dialogId)
        last.delete(dialogId)
      }
    },
  }
}
