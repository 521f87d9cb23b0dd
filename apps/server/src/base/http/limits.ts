import { readFileSync } from 'node:fs'
import { MAX_PAYLOAD_BYTES } from '@parley/contract'

export interface HttpLimits {
  bodyBytes: number
  /** For a whole request to arrive; a slower one is answered 408, a connection on which nothing has come is closed. */
  requestTimeoutMs: number
  headersTimeoutMs: number
  /** A connection on which nothing moves for so long is closed: its client does not read, or does not go on sending. */
  stalledMs: number
  /** For the next request on a connection. */
  keepAliveMs: number
  /** How often the first two are looked at. */
  connectionsCheckMs: number
  /** Connections at once, and those of one address. */
  connections: { limit: number; each: number }
  /** WebSockets of one address. */
  socketsPerAddress: number
  /** How late the node may be before it refuses requests. */
  overloadMs: number
  /** From how many refusals in a second on those are held who ask again too soon. */
  refusalsPerSecond: number
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: MAX_PAYLOAD_BYTES,
  requestTimeoutMs: 60_000,
  headersTimeoutMs: 20_000,
  stalledMs: 120_000,
  // Longer than the 60 s after which common load balancers close a connection.
  keepAliveMs: 72_000,
  connectionsCheckMs: 5000,
  connections: { limit: 50_000, each: 2000 },
  socketsPerAddress: 1000,
  overloadMs: 250,
  // They take a sixth of a processor.
  refusalsPerSecond: 5000,
}

/** Of the files that a process may have open; the rest is for instances of functions, the database and files. */
const SHARE = 0.8

/** As many connections as were wanted, or as this process may have open files for. */
export function connectionsThatFit(wanted: HttpLimits['connections']): HttpLimits['connections'] {
  const limit = Math.min(wanted.limit, Math.floor(openFilesAllowed() * SHARE))
  return { limit, each: Math.min(wanted.each, limit) }
}

function openFilesAllowed(): number {
  if (process.platform !== 'linux') return Infinity
  const [, soft = ''] =
    /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return soft === 'unlimited' ? Infinity : Number(soft)
}
