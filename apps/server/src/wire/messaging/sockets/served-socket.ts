import type { Session } from '#wire/messaging/updates'
import type { Endpoint, Origin } from './endpoint.ts'
import type { TokenBucket } from '#base/bounds'
import type { Limits } from './floods.ts'
import type { Incoming } from './incoming.ts'
import type { SocketConnection } from './socket-connection.ts'

/** One open socket of this node. */
export interface ServedSocket {
  /** Unique on this node. */
  readonly id: number
  readonly endpoint: Endpoint
  readonly accountId: string
  readonly connection: SocketConnection
  readonly incoming: Incoming
  readonly bucket: TokenBucket
  /** As they were read last. */
  limits: Limits
  inFlight: number
  /** How long the message waited that was the last to have its turn. */
  waitedMs: number
  session: Session | undefined
  /** Set until the client has authenticated. `since` is monotonic time. */
  unauthenticated: { origin: Origin | undefined; since: number; place?: Disposable } | undefined
  /** Set while the client authenticates, and while what its token says of it is stored: requests that it sends meanwhile wait. */
  beginning?: Promise<unknown> | undefined
}
