import pg from 'pg'
import type { Logger } from '#base/kernel'
import { pgTypes } from './db.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** A statement that takes longer counts as a lost connection: the network may have lost it. */
const QUERY_TIMEOUT_MS = 60_000

/** How every connection of the store is made. */
export function connectionSettings(
  url: string,
  queryTimeoutMs: number = QUERY_TIMEOUT_MS,
): pg.ClientConfig {
  return {
    connectionString: url,
    types: pgTypes,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: queryTimeoutMs,
    application_name: 'parley',
  }
}

/** A connection of its own, outside the pool. */
export async function connect(logger: Logger, url: string): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(url))
  // The user of the connection notices its end by a query that fails.
  client.on('error', (err) => logger.debug({ err }, 'A database connection broke'))
  await client.connect()
  return client
}
