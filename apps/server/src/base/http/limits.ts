import { MAX_PAYLOAD_BYTES } from '@parley/contract'

export interface HttpLimits {
  bodyBytes: number
  /** For a whole request to arrive; a slower one is answered 408. */
  requestTimeoutMs: number
  headersTimeoutMs: number
  /** A connection on which nothing moves for so long is closed: its client does not read, or does not go on sending. */
  stalledMs: number
  /** How often the first two are looked at. */
  connectionsCheckMs: number
  /** Connections at once, and those of one address. */
  connections: { limit: number; each: number }
  /** WebSockets of one address. */
  socketsPerAddress: number
  /** How late the node may be before it refuses requests. */
  overloadMs: number
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: MAX_PAYLOAD_BYTES,
  requestTimeoutMs: 60_000,
  headersTimeoutMs: 20_000,
  stalledMs: 120_000,
  connectionsCheckMs: 5000,
  connections: { limit: 50_000, each: 2000 },
  socketsPerAddress: 1000,
  overloadMs: 250,
}
