import { keepSeen } from './kept.ts'
import { without } from './over.ts'
import { type Dialog, isOwn, type Marks, mainDialog, type State, type Talk } from './state.ts'
import { markedUpTo } from './wire.ts'

export interface ReceiptDeps {
  agentId: string
  state: () => State
  change: (part: Partial<State>) => void
  /** Resolves when the server has stored the report. */
  report: (dialogId: string, event: object) => Promise<void>
}

export interface Receipts {
  /** Whether the agent sees the newest message of the selected conversation now. */
  setSeen(isSeen: boolean): void
  /** Something has arrived, or the connection is back. */
  update(): void
  /** They are not listed any more. */
  forget(dialogs: readonly Dialog[]): void
}

/** Tells consumers what has arrived at their agent, and what was read. */
export function openReceipts({ agentId, state, change, report }: ReceiptDeps): Receipts {
  let isSeen = false
  /** One after the other: who comes back to hundreds of conversations must not ask for all of them at once. */
  let arrivals: Promise<void> = Promise.resolve()
  let sent: Record<'READ' | 'ACCEPT', Marks> = { READ: {}, ACCEPT: {} }

  function send(status: 'READ' | 'ACCEPT', dialogId: string, sequences: number[]): void {
    const sequenceList = sequences.filter((one) => one > (sent[status][dialogId] ?? -1))
    if (sequenceList.length === 0) return
    sent[status] = markedUpTo(sent[status], dialogId, sequenceList)
    const reporting = () => report(dialogId, { type: 'AcceptStatusEvent', status, sequenceList })
    const reported = status === 'READ' ? reporting() : arrivals.then(reporting)
    const settled = reported.catch(() => {
      // The connection was lost, or the dialog has ended: it is reported again when the connection is back.
      sent = { READ: {}, ACCEPT: {} }
    })
    if (status === 'ACCEPT') arrivals = settled
  }

  function updateOne(talk: Talk): void {
    const dialog = mainDialog(talk)
    if (!dialog?.isOpen || talk.status !== 'mine') return
    const { dialogId } = dialog
    const seen = state().seen[dialogId] ?? -1
    const { selected, entries } = state()
    if (isSeen && talk.conversationId === selected) {
      const sequences = (entries[talk.conversationId] ?? []).flatMap((entry) =>
        entry.role === 'CONSUMER' && entry.dialogId === dialogId && entry.sequence > seen
          ? [entry.sequence]
          : [],
      )
      if (sequences.length === 0) return
      // Live chat has no receipts, and consumers wait for their agent alone.
      if (!talk.chat && isOwn(talk)) send('READ', dialogId, sequences)
      change({ seen: markedUpTo(state().seen, dialogId, sequences) })
      if (talk.chat) keepSeen(agentId, chatIdsOf(state()), state().seen)
    } else if (
      !talk.chat &&
      isOwn(talk) &&
      talk.last?.role === 'CONSUMER' &&
      talk.last.sequence > seen
    ) {
      send('ACCEPT', dialogId, [talk.last.sequence])
    }
  }

  function update(): void {
    if (state().connection === 'open') state().talks.forEach(updateOne)
  }

  return {
    update,
    forget(dialogs) {
      sent = { READ: without(dialogs, sent.READ), ACCEPT: without(dialogs, sent.ACCEPT) }
    },
    setSeen(now) {
      isSeen = now
      if (isSeen) update()
    },
  }
}

function chatIdsOf({ talks }: State): string[] {
  return talks.flatMap(({ chat }) => (chat ? [chat.chatId] : []))
}
