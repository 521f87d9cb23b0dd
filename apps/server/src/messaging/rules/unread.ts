import type { ConversationState, StoredMessage } from '@parley/contract'

/** More are told as so many, and not held one by one. */
const MAX_UNREAD = 99

/** The first and the last sequence of messages without a gap. */
type Range = [number, number]

/** What the consumer wrote is unread until the assigned agent says that it has read it, or answers. */
export function countUnread(
  state: ConversationState,
  { sequence, originator: { role }, event, audience }: StoredMessage,
): void {
  const isReceipt = event.type === 'AcceptStatusEvent'
  if (role === 'CONSUMER' && !isReceipt) {
    keep(state, withOneMore(rangesOf(state), sequence))
  } else if (role === 'ASSIGNED_AGENT' && audience === 'ALL') {
    keep(state, behind(rangesOf(state), isReceipt ? lastRead(event) : sequence))
  }
}

/** How many messages the assigned agent has neither read nor answered, at most 99. */
export function unreadMessages(state: ConversationState): number {
  const counts = rangesOf(state).map(([first, last]) => last - first + 1)
  return Math.min(
    MAX_UNREAD,
    counts.reduce((sum, count) => sum + count, 0),
  )
}

/** With those that an earlier version has counted, one by one. */
function rangesOf({ unreadRanges = [], unread = [] }: ConversationState): Range[] {
  return unread.reduce(withOneMore, unreadRanges)
}

function withOneMore(ranges: readonly Range[], sequence: number): Range[] {
  const newest = ranges.at(-1)
  if (newest && sequence === newest[1] + 1) return [...ranges.slice(0, -1), [newest[0], sequence]]
  return [...ranges, [sequence, sequence] satisfies Range].slice(-MAX_UNREAD)
}

function behind(ranges: readonly Range[], upTo: number): Range[] {
  return ranges
    .filter(([, last]) => last > upTo)
    .map(([first, last]) => [Math.max(first, upTo + 1), last])
}

function keep(state: ConversationState, ranges: Range[]): void {
  delete state.unread
  if (ranges.length > 0) state.unreadRanges = ranges
  else delete state.unreadRanges
}

/** Up to which sequence a receipt says that it was read. */
function lastRead({ status, sequenceList }: StoredMessage['event']): number {
  if (status !== 'READ' || !Array.isArray(sequenceList)) return -1
  return sequenceList.reduce<number>(
    (last, one) => (typeof one === 'number' && one > last ? one : last),
    -1,
  )
}
