import type { StoredMessage } from '@parley/contract'
import type { TokenOrigin } from '#identity/credentials'
import type { ConversationUpdate, Reader } from '#messaging/reading'
import type { Side } from '#wire/messaging/format'
import type { Connection } from './connection.ts'

/** What a socket wants to hear of conversations, and what it has been shown. */
export interface ConversationSubscription {
  subscriptionId: string
  stages: readonly string[] | undefined
  states: readonly string[] | undefined
  /** User ids; absent: everybody's. */
  agentIds: readonly string[] | undefined
  updatedSince: number | undefined
  /** By conversation id, the version that was shown last. */
  shown: Map<string, number>
  /** Updates that came while the first list was read. */
  held: ConversationUpdate[] | undefined
}

/** Which message of a dialog a socket gets next; `held` while earlier ones are being read. */
export interface Cursor {
  next: number
  held: StoredMessage[] | undefined
}

/** Somebody on a socket. */
export interface Session {
  readonly side: Side
  readonly accountId: string
  reader: Reader
  readonly connection: Connection
  readonly authenticated: boolean
  /** In domain time, when what proved the identity ends. */
  expiresAt: number
  /** By subscription id; absent until there is one. */
  conversations?: Map<string, ConversationSubscription>
  /** By dialog id; absent until there is one. */
  cursors?: Map<string, Cursor>
  routing?: { subscriptionId: string; shown: Set<string> }
  agentStates?: { subscriptionId: string; userId: string | undefined }
  /** Of consumers: until when their token is good, if its origin is trusted so long. */
  token?: { origin: TokenOrigin; expiresAt: number }
  /** Of agents: a later login has a higher number. */
  loginSequence?: number
  bearer?: string
  /** What the issuer of an authenticated consumer's identity says about it. */
  claims?: Record<string, unknown> | undefined
}
