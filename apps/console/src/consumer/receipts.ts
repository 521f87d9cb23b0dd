import { type Marks, markedUpTo, type State, unreadOf } from './state.ts'

export interface ReceiptDeps {
  state(): State
  change(part: Partial<State>): void
  /** Resolves when the server has stored the report. */
  report(dialogId: string, event: object): Promise<void>
}

/** Tells the other side what has arrived and what was read. */
export interface Receipts {
  /** Whether the consumer sees the newest message now. */
  setSeen(isSeen: boolean): void
  /** Something has arrived, or the connection is back. */
  update(): void
}

const STATUSES = ['READ', 'ACCEPT'] as const
type Status = (typeof STATUSES)[number]

export function openReceipts({ state, change, report }: ReceiptDeps): Receipts {
  let isSeen = false
  /** What is on its way to the server. The server's own record of it comes back as an event. */
  const sent: Record<Status, Marks> = { READ: {}, ACCEPT: {} }

  function update(): void {
    if (isSeen) markSeen()
    if (state().connection !== 'open') return
    for (const { dialogId, state: openness } of state().conversation?.dialogs ?? []) {
      if (openness === 'OPEN') STATUSES.forEach((status) => reportStatus(dialogId, status))
    }
  }

  function markSeen(): void {
    const unread = unreadOf(state())
    if (unread.length === 0) return
    let { seen } = state()
    for (const { dialogId, sequence = -1 } of unread) seen = markedUpTo(seen, dialogId, [sequence])
    change({ seen })
  }

  /** Reading says that it has arrived, too. */
  function reportStatus(dialogId: string, status: Status): void {
    const { entries, seen, readByConsumer, acceptedByConsumer } = state()
    const upTo = (...marks: Marks[]) => Math.max(...marks.map((mark) => mark[dialogId] ?? -1))
    const isNew =
      status === 'READ'
        ? (one: number) => one > upTo(readByConsumer, sent.READ) && one <= upTo(seen)
        : (one: number) => one > upTo(seen, readByConsumer, acceptedByConsumer, sent.ACCEPT)
    const sequenceList = entries.flatMap(({ dialogId: itsDialog, role, sequence }) =>
      itsDialog === dialogId && role !== 'CONSUMER' && sequence !== undefined && isNew(sequence)
        ? [sequence]
        : [],
    )
    if (sequenceList.length === 0) return
    sent[status] = markedUpTo(sent[status], dialogId, sequenceList)
    report(dialogId, { type: 'AcceptStatusEvent', status, sequenceList }).catch(() => {
      // The connection was lost, or the dialog has ended: it is reported again when the connection is back.
      sent[status] = {}
    })
  }

  return {
    update,
    setSeen(now) {
      isSeen = now
      if (isSeen) update()
    },
  }
}
