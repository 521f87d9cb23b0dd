import { personOf } from '../names.ts'
import { type Entry, type Person, type State, unreadOf, writableDialog } from '../state.ts'
import { words } from '../words/index.ts'
import { dayAndTime, dayName, isSameDay } from '../words/times.ts'
import type { Receipt } from './message.tsx'

/** A line between messages, or a message with what it needs to be shown. */
export type Row =
  | { kind: 'line'; key: string; text: string }
  | {
      kind: 'message'
      entry: Entry
      author: Person
      isFirst: boolean
      isLast: boolean
      isAnswerable: boolean
      receipt: Receipt | undefined
    }

/** Messages of one author that follow each other within this are shown together. */
const TOGETHER_MS = 5 * 60_000

/** Messages in groups, with a line where a day or a conversation begins. */
export function rowsOf(state: State): Row[] {
  const { entries, shown } = state
  const conversationOf = new Map(
    shown.flatMap((one) => one.dialogs.map(({ dialogId }) => [dialogId, one])),
  )
  // An automatic message in between does not take the quick replies away.
  const lastSpoken = entries.findLast(({ role }) => role !== 'CONTROLLER')
  const open = writableDialog(state)
  const rows: Row[] = []
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1]
    const after = entries[index + 1]
    const past = before && conversationOf.get(before.dialogId)
    const isOtherConversation = past !== undefined && past !== conversationOf.get(entry.dialogId)
    if (isOtherConversation) {
      const text = words.conversationEnded(dayAndTime(past.endedAt ?? past.startedAt))
      rows.push({ kind: 'line', key: `end ${past.conversationId}`, text })
    }
    if (!before || !isSameDay(before.at, entry.at)) {
      rows.push({ kind: 'line', key: `day ${entry.key}`, text: dayName(entry.at) })
    }
    rows.push({
      kind: 'message',
      entry,
      author: personOf(state, entry),
      isFirst: isOtherConversation || !before || !areTogether(before, entry),
      isLast: !after || !areTogether(entry, after),
      isAnswerable:
        entry === lastSpoken && entry.quickReplies.length > 0 && entry.dialogId === open?.dialogId,
      receipt: receiptOf(state, entry),
    })
  }
  return rows
}

function areTogether(one: Entry, next: Entry): boolean {
  const isSame = one.role === next.role && (one.role === 'CONSUMER' || one.pid === next.pid)
  return isSame && isSameDay(one.at, next.at) && next.at - one.at < TOGETHER_MS
}

function receiptOf({ delivered, read }: State, entry: Entry): Receipt | undefined {
  const { role, dialogId, sequence } = entry
  if (role !== 'CONSUMER' || sequence === undefined) return undefined
  if (sequence <= (read[dialogId] ?? -1)) return 'read'
  return sequence <= (delivered[dialogId] ?? -1) ? 'delivered' : 'sent'
}

/** How many messages of the other side are not seen yet. */
export function unreadCount(state: State): number {
  return unreadOf(state).length
}
