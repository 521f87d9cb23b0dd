import pg from 'pg'
import { messageOf, NODE_ADVICE, sayWhile } from '#base/kernel'
import { sql } from 'kysely'
import type { Base } from './base.ts'
import type { Connector } from './connect.ts'
import type { Db } from './db.ts'

const OLDEST_SERVER = 150_000
/** How long a server that starts at the same time may take. */
const PATIENCE_MS = 10_000
/** Longer than for a connection of a node that runs: a machine that starts much at once is slow. */
const CONNECT_TIMEOUT_MS = 60_000
const RETRY_MS = 100
/** How often each connection is asked for its session: a pooler may give them in turn. */
const PROBES = 3
/**
 * How a server fails that starts at the same time, on a machine or in a container of its own: its name is not known yet, its network or its
 * socket is not there, nobody listens, what is before it ends the connection, or it is getting ready (57P03).
 */
const PASSING = new Set([
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNREFUSED',
  'ECONNRESET',
  '57P03',
])
/** What the library says of a connection that ends before the server has said anything: without a code. */
const ENDED = 'Connection terminated unexpectedly'
const UNKNOWN_AUTHORITY =
  "; add sslmode=verify-full&sslrootcert=<path> to the address, with the path of its authority's certificate"

/**
 * Checks that the database can be used, before anything waits for it: its version, its encoding, and that no pooler of transactions is before it.
 * @throws an `Error` with one clear line when it cannot
 */
export async function checkDatabase(
  { logger, monotonic }: Pick<Base, 'logger' | 'monotonic'>,
  connector: Connector,
): Promise<void> {
  const giveUpAt = monotonic.now() + PATIENCE_MS
  let isTold = false
  for (;;) {
    const client = patientClient(connector)
    try {
      const asked = placeOf(client)
      await sayWhile({ logger, monotonic }, `an answer of ${asked}`, client.connect())
    } catch (cause) {
      await client.end()
      if (!isStarting(cause) || connector.stopping?.aborted || monotonic.now() > giveUpAt)
        throw cannotStart(cause, hintOf(client))
      if (!isTold) {
        logger.warn(
          `Waiting up to ${PATIENCE_MS / 1_000} seconds for the database: ${messageOf(cause)}`,
        )
      }
      isTold = true
      await monotonic.sleep(RETRY_MS)
      continue
    }
    try {
      await refuseUnfit(client)
      await refusePooler(client, connector)
      return
    } catch (cause) {
      throw cannotStart(cause)
    } finally {
      await client.end()
    }
  }
}

/** @throws also for what the address names: certificates are read here */
function patientClient(connector: Connector): pg.Client {
  try {
    const client = new pg.Client({
      ...connector.settings(),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    })
    // A broken connection makes the awaited call fail.
    return client.on('error', () => undefined)
  } catch (cause) {
    throw cannotStart(cause, 'correct DATABASE_URL')
  }
}

/** Where an address leads, without its password. */
function placeOf({ database, host, port, user }: pg.Client): string {
  return `the database "${database}" at ${host}, port ${port}, as "${user}"`
}

function hintOf(client: pg.Client): string {
  return `DATABASE_URL leads to ${placeOf(client)}: correct it, or see to that server`
}

/** One that is made under `LANG=C` has `SQL_ASCII`, and keeps every text as it comes. */
const WIDE_ENCODINGS = new Set(['UTF8', 'SQL_ASCII'])

async function refuseUnfit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number; encoding: string }>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`)
  const { version, number, encoding } = rows[0] ?? { version: 'none', number: 0, encoding: '' }
  if (number < OLDEST_SERVER) {
    throw new Error(`PostgreSQL 15 or newer is needed, this is ${version}`)
  }
  if (WIDE_ENCODINGS.has(encoding)) return
  // Each message with an emoji, or with a letter of another script, would fail.
  throw new Error(
    `its encoding is ${encoding}, which has no emoji and few scripts; make one with create database … encoding 'UTF8' template template0`,
  )
}

/**
 * Refuses a pooler that gives each transaction another connection: sessions, which Parley keeps settings, prepared statements and
 * subscriptions in, would not be kept apart. Otherwise two connections that are open at once share no session, and none changes its own.
 */
async function refusePooler(first: pg.Client, connector: Connector): Promise<void> {
  const second = patientClient(connector)
  try {
    await second.connect()
    const clients = [first, second]
    const pids: number[][] = clients.map(() => [])
    for (let round = 0; round < PROBES; round++) {
      for (const [nth, client] of clients.entries()) {
        const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
        if (rows[0]) pids[nth]?.push(rows[0].pid)
      }
    }
    const areOwn = pids.every((seen) => new Set(seen).size === 1)
    if (areOwn && new Set(pids.flat()).size === clients.length) return
  } finally {
    await second.end()
  }
  throw new Error(
    'DATABASE_URL leads to a pooler in transaction mode; Parley needs a connection of its own for each session: use the address of PostgreSQL, or the session mode',
  )
}

/**
 * What an operator should know of this database, a sentence each.
 * @param connections of this node; the others say theirs in the list of nodes
 */
export async function warningsOf(db: Db, connections: number): Promise<string[]> {
  const { rows } = await sql<{
    takes: number
    limits: string
    others: number
    ofOthers: number
    commits: string
    syncs: string
    folds: boolean
  }>`
    with bound as (
      select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as takes,
        'max_connections' as setting
      union all select datconnlimit, 'the connection limit of the database' from pg_database
        where datname = current_database() and datconnlimit >= 0
      union all select rolconnlimit, 'the connection limit of the role' from pg_roles
        where rolname = session_user and rolconnlimit >= 0 and not rolsuper
    ), least_bound as (select takes, setting from bound order by takes limit 1)
    select (select takes from least_bound), (select setting from least_bound) as limits, count(*)::int as others, coalesce(sum(connections), 0)::int as "ofOthers",
      current_setting('synchronous_commit') as commits, current_setting('fsync') as syncs, lower('É') = 'é' as folds
      from node where seen_at > clock_timestamp() - interval '20 seconds'`.execute(db)
  const [found] = rows
  if (!found) return []
  const { takes, limits, others, ofOthers, commits, syncs, folds } = found
  const needed = ofOthers + connections
  return [
    ...(needed > takes
      ? [
          `The database takes ${takes} connections, and its nodes (${others + 1}) use up to ${needed}: raise ${limits}, or lower PARLEY_DATABASE_CONNECTIONS`,
        ]
      : []),
    ...(commits === 'off' || syncs === 'off'
      ? [
          `The database does not wait for the disk (synchronous_commit ${commits}, fsync ${syncs}): what was acknowledged may be lost when its machine fails`,
        ]
      : []),
    ...(folds
      ? []
      : [
          `The database knows small and capital letters of ASCII only: searches find other words only as they were written; make one with create database … encoding 'UTF8' locale 'C.UTF-8' template template0`,
        ]),
  ]
}

function isStarting(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return 'code' in cause ? PASSING.has(String(cause.code)) : cause.message === ENDED
}

/** @param hint what to do, where the cause does not say it */
function cannotStart(cause: unknown, hint?: string): Error {
  const said = messageOf(cause).replace(NODE_ADVICE, UNKNOWN_AUTHORITY)
  const reason = [said, ...(hint === undefined ? [] : [hint])].join('; ')
  return new Error(`Cannot start: the database cannot be used: ${reason}`, { cause })
}
