import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { declareBound, openPlaces } from '#base/bounds'
import { type Monotonic, ParleyError, PassingSet } from '#base/kernel'
import { type Connector, ISOLATION, limiting, type SessionLimits } from './connect.ts'
import type { Disk } from './disk.ts'
import { asFailure, connectFailure, isConnectionFailure, isDiskFull } from './failures.ts'

const ANSWER_MS = 10_000
/** What may rewrite a large table, or wait for another node that does. */
const UNLIMITED_MS = 24 * 3_600_000
const QUERIES = declareBound({
  kind: 'places',
  holds: 'queries that wait for a connection to the database',
  limit: 20_000,
  per: 'pool',
  beyond: 'refused with 503',
})
/** How long a query waits for a database that is away, for example while it is started again. */
const PATIENCE_MS = 10_000

/**
 * A pool that waits for a database that is away before it begins a query. A query whose connection breaks fails with
 * `unavailable`: whether it took effect is unknown, so it is not sent again.
 * @param options.limits without them a statement may take a day: for migrations
 * @param options.name of its sessions, for whoever looks into the database
 */
export function openPool(
  { connector, monotonic, disk }: { connector: Connector; monotonic: Monotonic; disk: Disk },
  { size, limits, name }: { size: number; limits?: SessionLimits; name?: string },
): PostgresPool & { waitingMs(): number } {
  const { logger } = connector
  // The server ends a statement first, so that its outcome is known.
  const queryTimeoutMs = limits ? limits.statementMs + ANSWER_MS : UNLIMITED_MS
  const pool = new pg.Pool({
    ...connector.settings({ queryTimeoutMs }),
    ...(name !== undefined && { application_name: name }),
    max: size,
  })
  const noteBroken = (err: unknown) => logger.debug({ err }, 'A database connection broke')
  pool.on('connect', (client) => {
    // The pool listens to idle connections only: without this, one that breaks between two queries of a transaction ends the process.
    client.on('error', noteBroken)
    // Sent before any query of the one who gets the connection.
    client.query(limits ? limiting(limits) : ISOLATION).catch(noteBroken)
  })
  pool.on('error', noteBroken)
  const places = openPlaces(QUERIES)
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  /** Oldest first, bounded by `QUERIES`. */
  const waiting = new PassingSet<{ since: number }>()

  /** How long the oldest query has waited for a connection. */
  function waitingMs(): number {
    for (const { since } of waiting) return monotonic.now() - since
    return 0
  }

  async function connect(): Promise<PostgresPoolClient> {
    using place = places.take('')
    if (!place) throw new ParleyError('unavailable', 'Too much waits for the database')
    const one = { since: monotonic.now() }
    waiting.add(one)
    using _waiting = { [Symbol.dispose]: () => void waiting.delete(one) }
    const giveUpAt = one.since + PATIENCE_MS
    for (let attempt = 1; ; attempt++) {
      try {
        const client = await pool.connect()
        const shared = known.get(client) ?? shielded(client, disk)
        known.set(client, shared)
        return shared
      } catch (failure) {
        const cause = connectFailure(failure)
        const refused = refusal(cause, disk)
        // Also a connection needs room on the disk. Without it those that are there must do: reading goes on.
        const mayCome = isDiskFull(cause) ? pool.totalCount > 0 : isConnectionFailure(cause)
        if (!mayCome || connector.stopping?.aborted || monotonic.now() > giveUpAt) throw refused
        await monotonic.sleep(Math.min(10 * 2 ** attempt, 500))
      }
    }
  }

  return { options: pool.options, connect, waitingMs, end: () => pool.end() }
}

/** The error for the caller. That the disk is full is noted for what would be stored. */
function refusal(cause: unknown, disk: Disk): unknown {
  if (isDiskFull(cause)) disk.noteFull()
  return asFailure(cause)
}

function shielded(client: pg.PoolClient, disk: Disk): PostgresPoolClient {
  let isBroken = false
  const query = async (text: string, values: unknown[]) => {
    try {
      return await client.query(text, values)
    } catch (cause) {
      isBroken ||= isConnectionFailure(cause)
      throw refusal(cause, disk)
    }
  }
  return {
    // The other form of `query` reads by a cursor, which nothing here does.
    query: query as unknown as PostgresPoolClient['query'],
    // One that is read-only works on, and stays so when the database takes changes again.
    release: (destroy) => client.release(destroy || isBroken),
  }
}
