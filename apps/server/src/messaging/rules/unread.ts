import type { ConversationState, StoredMessage } from '@parley/contract'

const MAX_UNREAD = 99

/** What the consumer wrote is unread until the assigned agent says that it has read it, or answers. */
export function countUnread(
  state: ConversationState,
  { sequence, originator: { role }, event, audience }: StoredMessage,
): void {
  const { unread = [] } = state
  const isReceipt = event.type === 'AcceptStatusEvent'
  if (role === 'CONSUMER' && !isReceipt) state.unread = [...unread, sequence].slice(-MAX_UNREAD)
  if (role !== 'ASSIGNED_AGENT' || audience !== 'ALL' || unread.length === 0) return
  const upTo = isReceipt ? lastRead(event) : sequence
  const left = unread.filter((one) => one > upTo)
  if (left.length > 0) state.unread = left
  else delete state.unread
}

/** Up to which sequence a receipt says that it was read. */
function lastRead({ status, sequenceList }: StoredMessage['event']): number {
  if (status !== 'READ' || !Array.isArray(sequenceList)) return -1
  return sequenceList.reduce<number>(
    (last, one) => (typeof one === 'number' && one > last ? one : last),
    -1,
  )
}
