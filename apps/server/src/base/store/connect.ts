import { Socket } from 'node:net'
import pg from 'pg'
import { type Logger, PassingSet } from '#base/kernel'
import { pgTypes } from './db.ts'
import { connectFailure } from './failures.ts'

/** A server that does not take a connection in this time is asked again: the network may have lost the question. */
const CONNECT_TIMEOUT_MS = 5_000
/** A statement that takes longer counts as a lost connection. The server ends its own statements earlier. */
const QUERY_TIMEOUT_MS = 60_000

/**
 * What the database itself ends, in milliseconds: a statement that runs too long, a wait for a lock that somebody has forgotten,
 * a transaction whose client has gone silent. Each keeps one mistake from holding up everybody.
 */
export interface SessionLimits {
  statementMs: number
  lockMs: number
  idleTransactionMs: number
}

/** Of everything that serves requests. */
export const SERVING: SessionLimits = {
  statementMs: 30_000,
  lockMs: 5_000,
  idleTransactionMs: 20_000,
}

/** Of maintenance: it may take long, and gives way to everybody else. */
export const MAINTENANCE: SessionLimits = {
  statementMs: 600_000,
  lockMs: 2_000,
  idleTransactionMs: 60_000,
}

/** Opens connections to the database, and knows all that are open. */
export interface Connector {
  readonly url: string
  readonly logger: Logger
  /** Of the start: when it is aborted, every connection breaks, and none is made any more. */
  readonly stopping: AbortSignal | undefined
  /** How a connection is made. */
  settings(limits?: { queryTimeoutMs?: number }): pg.ClientConfig
  /** A connection of its own, outside a pool. */
  connect(limits?: { queryTimeoutMs?: number }): Promise<pg.Client>
  /** Breaks every connection at once: the queries that they carry fail as of a lost connection. */
  breakAll(why: string): void
}

export function openConnector(logger: Logger, url: string, stopping?: AbortSignal): Connector {
  const sockets = new PassingSet<Socket>()
  const breakAll = (why: string) => {
    for (const socket of sockets) socket.destroy(new Error(why))
  }
  const breakStopped = () => breakAll('The start was stopped')
  stopping?.addEventListener('abort', breakStopped)
  const settings: Connector['settings'] = (limits) => ({
    ...connectionSettings(url, limits?.queryTimeoutMs),
    stream() {
      const socket = new Socket()
      sockets.add(socket)
      // Only now the library begins to connect it.
      if (stopping?.aborted) queueMicrotask(breakStopped)
      return socket.once('close', () => sockets.delete(socket))
    },
  })
  return {
    url,
    logger,
    stopping,
    settings,
    async connect(limits) {
      const client = new pg.Client(settings(limits))
      // The user of the connection notices its end by a query that fails.
      client.on('error', (err) => logger.debug({ err }, 'A database connection broke'))
      try {
        await client.connect()
      } catch (cause) {
        throw connectFailure(cause)
      }
      return client
    },
    breakAll,
  }
}

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

/**
 * What a session must have, whatever is the default of the database: with a stricter isolation a transaction that has waited for a lock would
 * not see what the one before it has written.
 */
export const ISOLATION = `set default_transaction_isolation = 'read committed'`

/** The statements that a session begins with, for its limits. */
export function limiting({ statementMs, lockMs, idleTransactionMs }: SessionLimits): string {
  return `${ISOLATION}; set statement_timeout = ${statementMs}; set lock_timeout = ${lockMs};
    set idle_in_transaction_session_timeout = ${idleTransactionMs}`
}
