import type { Content, QuickReply } from './content.ts'

/** One message as it stands in the list. */
export interface Entry {
  /** Stable while the entry goes from "not sent yet" to stored. */
  key: string
  dialogId: string
  /** Absent until the server has stored the message. */
  sequence?: number
  role: string
  at: number
  content: Content
  quickReplies: QuickReply[]
}

export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused'

export interface Dialog {
  dialogId: string
  dialogType: string
  state: string
}

export interface ConversationView {
  conversationId: string
  stage: string
  isUrgent: boolean
  dialogs: Dialog[]
}

export interface State {
  connection: ConnectionStatus
  isSignedIn: boolean
  conversation: ConversationView | undefined
  entries: Entry[]
  /** The role of who is typing on the other side. */
  typing: string | undefined
  notice: string | undefined
}

export const INITIAL: State = {
  connection: 'connecting',
  isSignedIn: false,
  conversation: undefined,
  entries: [],
  typing: undefined,
  notice: undefined,
}

/** The dialog that the consumer writes into: a survey while one runs, else the conversation itself. */
export function writableDialog(state: State): Dialog | undefined {
  return state.conversation?.dialogs.find((dialog) => dialog.state === 'OPEN')
}

/**
 * Puts a stored message into its place. A message of one's own takes over the entry that waits for it, whichever of
 * answer and notification comes first.
 */
export function withStored(entries: Entry[], stored: Entry & { sequence: number }): Entry[] {
  const { dialogId, sequence } = stored
  const isOwn = stored.role === 'CONSUMER'
  const former =
    entries.find((e) => e.dialogId === dialogId && e.sequence === sequence) ??
    entries.find((e) => isOwn && e.sequence === undefined && sameContent(e.content, stored.content))
  const others = entries.filter((e) => e !== former)
  return inOrder([...others, { ...stored, key: former?.key ?? stored.key }])
}

/** The server has stored the entry that waits under this key. */
export function withSequence(entries: Entry[], key: string, sequence: number): Entry[] {
  return inOrder(entries.map((e) => (e.key === key ? { ...e, sequence } : e)))
}

function sameContent(a: Content, b: Content): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** By dialog in order of appearance, then by sequence; what is not sent yet stands last. */
function inOrder(entries: Entry[]): Entry[] {
  const dialogs = [...new Set(entries.map((e) => e.dialogId))]
  const place = (e: Entry) =>
    e.sequence === undefined ? Infinity : dialogs.indexOf(e.dialogId) * 1e9 + e.sequence
  return entries.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)]
    return left === right ? a.at - b.at : left - right
  })
}
