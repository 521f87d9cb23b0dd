import type { ConversationState, StoredMessage } from '@parley/contract'
import type { BoundedList, boundedMap } from '#base/bounds'
import type { Principal } from '#base/http'
import type { TokenOrigin } from '#identity/credentials'
import type { ConversationUpdate, Reader } from '#messaging/reading'
import type { Connection } from './connection.ts'

/** By id, what a client has been sent. */
type Shown<Value> = ReturnType<typeof boundedMap<string, Value>>

/** Which conversations a client subscribed to, and what it has been sent of them. */
export interface ConversationSubscription {
  subscriptionId: string
  stages: readonly string[] | undefined
  states: readonly string[] | undefined
  /** User ids or pids. Absent: conversations of all agents. */
  agentIds: readonly string[] | undefined
  updatedSince: number | undefined
  /** By conversation id, the version that was sent last. */
  shown: Shown<number>
  /** Updates that came while the first list was read. Absent afterwards. */
  held: BoundedList<ConversationUpdate> | undefined
}

/** Which message of a dialog a client gets next. Later ones are `held` while earlier ones are read. */
export interface Cursor {
  next: number
  held: BoundedList<StoredMessage> | undefined
  /** They are held because missed ones are being read, not because the first ones are. */
  isCatchingUp?: boolean
}

/** An agent's subscription to its rings. */
export interface RingSubscription {
  subscriptionId: string
  /** By id, the rings that wait for an answer as far as the client knows. */
  shown: Shown<true>
  /** Conversations that changed while the first list was read. Absent afterwards. */
  held?: BoundedList<ConversationState> | undefined
}

interface CommonSession {
  readonly accountId: string
  reader: Reader
  readonly connection: Connection
  readonly authenticated: boolean
  /** When the credentials end, in real time. */
  expiresAt: number
  /** By subscription id. Absent until the client subscribes. */
  conversations?: Map<string, ConversationSubscription>
  /** By dialog id. Absent until the client subscribes. */
  cursors?: Shown<Cursor>
}

/** The session of an agent or a bot. */
export interface AgentSession extends CommonSession {
  readonly side: 'agent'
  readonly bearer: string
  /** Who logged in, and from where, for the audit. */
  readonly caller: { readonly principal: Principal; readonly address: string }
  /** A later login has a higher number. */
  readonly loginSequence: number
  routing?: RingSubscription
  agentStates?: { subscriptionId: string; userId: string | undefined }
}

export interface ConsumerSession extends CommonSession {
  readonly side: 'consumer'
  /** Its session may be renewed until `expiresAt`, while the origin of the token is trusted. */
  readonly token: { origin: TokenOrigin; expiresAt: number }
  /** By a connector: the client's address is the connector's. */
  readonly isRelayed?: boolean
  /** The application that speaks for the consumer, and has no socket. */
  readonly connectorId?: string
  /** What the issuer says about an authenticated consumer, until that is stored. */
  claims?: Record<string, unknown> | undefined
}

/** An authenticated client, and what it subscribed to. */
export type Session = AgentSession | ConsumerSession
