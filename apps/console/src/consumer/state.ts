import type { Content, QuickReply } from './content.ts'

/** A message, in the order of the conversation. Without a sequence it has not reached the server yet. */
export interface Entry {
  key: string
  dialogId: string
  sequence?: number
  role: string
  /** Who has written it, by the published id. */
  pid?: string | undefined
  at: number
  content: Content
  quickReplies: QuickReply[]
  /** How much of a file has been uploaded, from 0 to 1. */
  progress?: number | undefined
  /** Why it could not be sent. */
  problem?: string | undefined
}

export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused'

export interface Dialog {
  dialogId: string
  dialogType: string
  state: string
  openedAt: number
}

export interface ConversationView {
  conversationId: string
  stage: string
  isUrgent: boolean
  startedAt: number
  endedAt: number | undefined
  /** Of the agent or bot that serves it. */
  agentPid: string | undefined
  dialogs: Dialog[]
  /** The newest message, where the server has said it. */
  last: { dialogId: string; sequence: number } | undefined
}

/** Who writes on the other side. */
export interface Person {
  name: string
  isBot: boolean
  pictureUrl?: string | undefined
}

/** Up to which sequence of a dialog messages were delivered or read. */
export type Marks = Record<string, number>

export interface State {
  connection: ConnectionStatus
  isSignedIn: boolean
  /** The one that runs, or has just ended. */
  conversation: ConversationView | undefined
  /** Ended ones that are shown above it, oldest first. */
  shown: ConversationView[]
  /** Ended ones that can still be shown, newest first. */
  earlier: ConversationView[]
  entries: Entry[]
  /** By dialog: from which sequence on its messages are here. */
  loadedFrom: Marks
  isLoadingEarlier: boolean
  /** What the other side has got and read of the consumer's messages. */
  delivered: Marks
  read: Marks
  /** What the consumer has got and read, as the server knows it, and what was seen on this page. */
  acceptedByConsumer: Marks
  readByConsumer: Marks
  seen: Marks
  people: Record<string, Person>
  /** Who is typing on the other side. */
  typing: { pid: string | undefined; role: string } | undefined
  notice: string | undefined
}

export const INITIAL: State = {
  connection: 'connecting',
  isSignedIn: false,
  conversation: undefined,
  shown: [],
  earlier: [],
  entries: [],
  loadedFrom: {},
  isLoadingEarlier: false,
  delivered: {},
  read: {},
  acceptedByConsumer: {},
  readByConsumer: {},
  seen: {},
  people: {},
  typing: undefined,
  notice: undefined,
}

/** The dialog that the consumer writes into: a survey while one runs, else the conversation itself. */
export function writableDialog(state: Pick<State, 'conversation'>): Dialog | undefined {
  return state.conversation?.dialogs.find((dialog) => dialog.state === 'OPEN')
}

/** The dialogs whose messages are shown, oldest first. */
export function shownDialogs({
  shown,
  conversation,
}: Pick<State, 'shown' | 'conversation'>): (Dialog & { conversationId: string })[] {
  return [...shown, ...(conversation ? [conversation] : [])]
    .flatMap(({ conversationId, dialogs }) => dialogs.map((one) => ({ ...one, conversationId })))
    .toSorted((a, b) => a.openedAt - b.openedAt || rank(a) - rank(b))
}

/** A survey begins at the instant at which the main dialog ends, which may be that of its beginning. */
function rank({ dialogType }: Dialog): number {
  return dialogType === 'MAIN' ? 0 : 1
}

/** Messages of others that the consumer has not seen yet, in the conversation that runs. */
export function unreadOf({ conversation, entries, readByConsumer, seen }: State): Entry[] {
  const current = new Set(conversation?.dialogs.map(({ dialogId }) => dialogId))
  return entries.filter(
    ({ role, dialogId, sequence }) =>
      role !== 'CONSUMER' &&
      sequence !== undefined &&
      current.has(dialogId) &&
      sequence > Math.max(readByConsumer[dialogId] ?? -1, seen[dialogId] ?? -1),
  )
}

/** The marks with a later one; the same object when it is not later. */
export function markedUpTo(marks: Marks, dialogId: string, sequences: readonly number[]): Marks {
  const last = Math.max(-1, ...sequences)
  return last > (marks[dialogId] ?? -1) ? { ...marks, [dialogId]: last } : marks
}

export type StoredEntry = Entry & { sequence: number }

/**
 * Puts stored messages into their places. A message of one's own takes over the entry that waits for it, whichever of
 * answer and notification comes first.
 */
export function withStored(
  { entries, shown, conversation }: Pick<State, 'entries' | 'shown' | 'conversation'>,
  stored: readonly StoredEntry[],
): Entry[] {
  const waiting = entries.filter((entry) => entry.sequence === undefined)
  const placed = new Map(
    entries.filter((entry) => entry.sequence !== undefined).map((entry) => [placeOf(entry), entry]),
  )
  for (const entry of stored) {
    const place = placeOf(entry)
    const known = placed.get(place)
    const own = known || entry.role !== 'CONSUMER' ? -1 : waiting.findIndex(fits(entry))
    const former = known ?? waiting[own]
    if (own >= 0) waiting.splice(own, 1)
    const content = former && isLocal(former) ? former.content : entry.content
    placed.set(place, { ...entry, content, key: former?.key ?? entry.key })
  }
  return inOrder([...placed.values(), ...waiting], shownDialogs({ shown, conversation }))
}

/** The server has stored the entry that waits under this key. */
export function withSequence(
  state: Pick<State, 'entries' | 'shown' | 'conversation'>,
  key: string,
  { dialogId, sequence }: { dialogId: string; sequence: number },
): Entry[] {
  // A notification may have been faster, and have taken the entry over.
  const waits = state.entries.find((entry) => entry.key === key && entry.sequence === undefined)
  if (!waits) return state.entries
  return inOrder(
    state.entries.map((entry) => (entry === waits ? { ...entry, dialogId, sequence } : entry)),
    shownDialogs(state),
  )
}

function placeOf({ dialogId, sequence }: Entry): string {
  return `${dialogId} ${sequence}`
}

/** A picture of the consumer's own is shown from the browser's memory, not downloaded again. */
function isLocal({ content }: Entry): boolean {
  return content.kind === 'file' && content.localUrl !== undefined
}

function fits({ content: wanted }: Entry): (waiting: Entry) => boolean {
  return ({ content, problem }) =>
    problem === undefined &&
    (content.kind === 'file' && wanted.kind === 'file'
      ? content.relativePath === wanted.relativePath
      : JSON.stringify(content) === JSON.stringify(wanted))
}

/** By dialog in the order in which they were opened, then by sequence; what is not sent yet stands last. */
function inOrder(entries: Entry[], dialogs: readonly Dialog[]): Entry[] {
  const order = new Map(dialogs.map(({ dialogId }, index) => [dialogId, index]))
  const place = ({ dialogId, sequence }: Entry) =>
    sequence === undefined ? Infinity : (order.get(dialogId) ?? order.size) * 1e9 + sequence
  return entries.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)]
    return left === right ? a.at - b.at : left - right
  })
}
