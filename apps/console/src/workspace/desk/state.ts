import type { Chat } from '@parley/contract'
import type { Content as MessageContent, QuickReply } from '../../consumer/content.ts'

/** By dialog: up to which sequence. */
export type Marks = Readonly<Record<string, number>>

/** What a message shows, or what happened between messages. */
export type Content = MessageContent | { kind: 'event'; text: string }

/** A message that the server has stored. */
export interface Entry {
  dialogId: string
  sequence: number
  role: string
  pid: string | undefined
  /** Where it is not known by the published id. */
  author?: string | undefined
  at: number
  content: Content
  /** What the consumer may choose under it. */
  quickReplies: readonly QuickReply[]
  /** Only agents and managers see it. */
  isPrivate: boolean
}

/** A text that the server has not taken yet. */
export interface Unsent {
  /** Also the request's id: sent twice, it is stored once. */
  key: string
  conversationId: string
  dialogId: string
  text: string
  /** Only for agents and managers. */
  isPrivate: boolean
  /** Of a live chat. */
  isChat?: boolean
  at: number
  /** Why the server has refused it. */
  problem?: string | undefined
}

/** A file that is not sent yet. */
export interface UnsentFile {
  /** Also the request's id: sent twice, the message is stored once. */
  key: string
  conversationId: string
  name: string
  /** How much is uploaded, from 0 to 1; absent until its turn comes. */
  progress?: number | undefined
  /** Why it was not sent, as a sentence. */
  problem?: string | undefined
  /** Another try may end otherwise. */
  canRetry?: boolean
}

export interface Dialog {
  dialogId: string
  type: string
  isOpen: boolean
}

/** A conversation or a live chat that is or was this agent's. */
export interface Talk {
  /** Of a live chat; its id stands for the conversation and its only dialog. */
  chat?: Chat
  conversationId: string
  consumerId: string
  skillId: string
  startedAt: number
  /** `left`: it went to somebody else, or back to the queue. */
  status: 'mine' | 'closed' | 'left'
  /** What this agent is in it. Who is not its assigned agent is there beside somebody. */
  role: string
  /** Who else of the account is there. */
  others: readonly { userId: string; role: string }[]
  isUrgent: boolean
  /** When an answer is due. */
  dueAt: number | undefined
  dialogs: readonly Dialog[]
  last: Entry | undefined
  /** How many messages of the consumer this agent has neither read nor answered, as the server knows; it does not of live chats. */
  unread: number | undefined
  /** As its client has named it: earlier live chats are found by it. */
  visitorId: string | undefined
  language: string | undefined
  device: Readonly<Record<string, unknown>>
}

/** A conversation that rings at this agent, or a live chat that waits for one of its skills. */
export interface Offer {
  chat?: Chat
  ringId: string
  conversationId: string
  consumerId: string
  skillId: string
  /** By the server's clock; of a live chat, since when it waits. */
  expiresAt: number
}

export const AVAILABILITIES = ['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY'] as const
export type Availability = (typeof AVAILABILITIES)[number]

export interface State {
  /** `elsewhere`: a newer sign-in of this agent gets the messages. */
  connection: 'connecting' | 'open' | 'lost' | 'elsewhere'
  availability: Availability | undefined
  /** How many conversations and chats this agent has room for; `undefined` until it is known. */
  maxSlots: number | undefined
  /** How far the server's clock is ahead of the browser's. */
  clockAheadMs: number
  /** When this page began to listen, by the server's clock: what was said before is nothing new. */
  listensSince: number
  /** In the order in which they came. */
  talks: readonly Talk[]
  offers: readonly Offer[]
  selected: string | undefined
  /** Of the conversations that were looked at last, by conversation. */
  entries: Readonly<Record<string, readonly Entry[]>>
  unsent: readonly Unsent[]
  files: readonly UnsentFile[]
  /** What the consumer has got and read. */
  delivered: Marks
  read: Marks
  /** What this agent has seen. */
  seen: Marks
  /** Conversations whose consumer is typing. */
  typing: ReadonlySet<string>
  notice: string | undefined
}

export const INITIAL: State = {
  connection: 'connecting',
  availability: undefined,
  maxSlots: undefined,
  clockAheadMs: 0,
  listensSince: 0,
  talks: [],
  offers: [],
  selected: undefined,
  entries: {},
  unsent: [],
  files: [],
  delivered: {},
  read: {},
  seen: {},
  typing: new Set(),
  notice: undefined,
}

export function talkOf({ talks }: State, conversationId: string | undefined): Talk | undefined {
  return talks.find((talk) => talk.conversationId === conversationId)
}

/** The consumer wrote last, whatever was said automatically since, and the agent has not seen it, on this page or before. */
export function isUnread({ last, unread }: Talk, seen: Marks): boolean {
  if (last?.role === AUTOMATIC) return unread !== undefined && unread > 0
  return unread !== 0 && last?.role === 'CONSUMER' && last.sequence > (seen[last.dialogId] ?? -1)
}

export const AUTOMATIC = 'CONTROLLER'

export const ASSIGNED = 'ASSIGNED_AGENT'

/** Of who has joined. */
export const MANAGER = 'MANAGER'

/** Somebody else answers it: this agent has joined. */
export function isBeside({ status, role }: Talk): boolean {
  return status === 'mine' && role !== ASSIGNED
}

/** This agent answers it. */
export function isOwn({ status, role }: Talk): boolean {
  return status === 'mine' && role === ASSIGNED
}

/** The consumer wrote last, whatever was said automatically since. */
export function waitsForAnswer(talk: Talk): boolean {
  const { last, unread = 0 } = talk
  return isOwn(talk) && (last?.role === 'CONSUMER' || (last?.role === AUTOMATIC && unread > 0))
}

export function mainDialog({ dialogs }: Talk): Dialog | undefined {
  return dialogs.find(({ type }) => type === 'MAIN')
}

/** Chats that are shown at once: the longest waiting ones. */
const CHATS_OFFERED = 5

/**
 * What the agent may take now. Conversations that ring have been given to this agent by the server; of chats that wait, those that its
 * status and its room allow.
 */
export function offersNow({ offers, talks, availability, maxSlots }: State): readonly Offer[] {
  const rings = offers.filter(({ chat }) => !chat)
  const served = talks.filter(isOwn).length
  const hasRoom = served + rings.length < (maxSlots ?? 0)
  const chats = offers.filter(({ chat }) => {
    if (!chat || availability === 'AWAY') return false
    return chat.offeredTo ? true : availability === 'ONLINE' && hasRoom
  })
  return [...rings, ...chats.slice(0, CHATS_OFFERED)]
}
