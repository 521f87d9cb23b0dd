import { contentOf, quickRepliesOf } from './content.ts'
import { markedUpTo, type State, type StoredEntry, withStored } from './state.ts'
import type { WireRecord } from './wire.ts'

/** What records of messages change: messages, who is typing, what was delivered and read. */
export function receive(
  state: State,
  records: readonly WireRecord[],
): { change: Partial<State>; stored: StoredEntry[] } {
  const stored = records.flatMap(entryOf)
  let { typing } = state
  const marks = {
    delivered: state.delivered,
    read: state.read,
    readByConsumer: state.readByConsumer,
    acceptedByConsumer: state.acceptedByConsumer,
  }
  for (const record of records) {
    const { dialogId, event, originatorMetadata: { id: pid, role = 'CONSUMER' } = {} } = record
    const isOwn = role === 'CONSUMER'
    if (event.type === 'AcceptStatusEvent') {
      const mark = markOf(event.status, isOwn)
      if (mark) marks[mark] = markedUpTo(marks[mark], dialogId, event.sequenceList ?? [])
    } else if (!isOwn) {
      const isTyping = event.type === 'ChatStateEvent' && event.chatState === 'COMPOSING'
      typing = isTyping ? { pid, role } : undefined
    }
  }
  const entries = stored.length > 0 ? withStored(state, stored) : state.entries
  return { change: { ...marks, entries, typing }, stored }
}

function markOf(status: string | undefined, isOwn: boolean) {
  if (status === 'READ') return isOwn ? 'readByConsumer' : 'read'
  if (status === 'ACCEPT') return isOwn ? 'acceptedByConsumer' : 'delivered'
  return undefined
}

function entryOf(record: WireRecord): StoredEntry[] {
  const { dialogId, sequence, event, serverTimestamp: at = 0 } = record
  const content = contentOf(event)
  if (!content || sequence === undefined) return []
  const { id: pid, role = 'CONSUMER' } = record.originatorMetadata ?? {}
  const key = `${dialogId} ${sequence}`
  return [{ key, dialogId, sequence, role, pid, at, content, quickReplies: quickRepliesOf(event) }]
}
