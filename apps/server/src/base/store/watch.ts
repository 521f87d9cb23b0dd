import type pg from 'pg'
import type { Clock, Logger, Monotonic } from '#base/kernel'
import type { Connector } from './connect.ts'
import { asFailure } from './failures.ts'

const PING_MS = 1_000
/** A database that does not answer for so long is away, whatever its connections look like. */
const SILENCE_MS = 3_000
const RETRY_MS = 250
/** Nodes whose clocks differ by less agree well enough on what is due. */
const MAX_SKEW_MS = 1_000

const SILENT = 'The database does not answer'
/** After a failover, the address may lead to it for a while: connections that are made then would stay with it. */
const STANDBY = 'The database is a standby: nothing can be stored there'

const CLOCKS_DIFFER =
  'The clocks of this node and of the database differ: it leaves timers to others, and takes what nobody took late'

/** Knows whether the database answers, and what time it is there. */
export interface Watch extends AsyncDisposable {
  /** Asks nothing: the last ping was answered, not long ago and by a database that can store. */
  isAnswering(): boolean
  /** By how much this node's clock is ahead of the database's; negative when it is behind, 0 within a second. */
  clockSkewMs(): number
}

interface WatchDeps {
  connector: Connector
  clock: Clock
  logger: Logger
  monotonic: Monotonic
}

/**
 * Pings the database on a connection of its own. A network that loses packets silently breaks no connection: after
 * `SILENCE_MS` without an answer all of them are broken here, so that what waits fails or is sent again on new ones. So are those to a
 * standby.
 */
export function watchDatabase(
  { connector, clock, logger, monotonic }: WatchDeps,
  onSilence: () => void = () => connector.breakAll(SILENT),
): Watch {
  const stopped = Promise.withResolvers<void>()
  let isStopped = false
  let problem: string | undefined
  let skewMs = 0
  let client: pg.Client | undefined
  const watching = watch()

  async function watch(): Promise<void> {
    while (!isStopped) {
      try {
        // Silence may also begin while this connection is made: those of before would stay for long.
        const answer = await inTime(monotonic, ask())
        if (answer === 'primary') {
          say(undefined)
          await pause(PING_MS)
          continue
        }
        onSilence()
        say(answer === 'standby' ? STANDBY : SILENT)
      } catch (err) {
        // A connection that broke is no sign yet: whether a new one works is.
        if (!client) say(SILENT, err)
      }
      close()
      if (problem !== undefined) await pause(RETRY_MS)
    }
  }

  /** On a connection that is made where there is none. */
  async function ask(): Promise<'primary' | 'standby'> {
    client ??= await connector.connect()
    const before = clock.now()
    const { rows } = await client.query<{ at: Date; isStandby: boolean }>(
      'select pg_is_in_recovery() as "isStandby", clock_timestamp() as at',
    )
    compareClocks(before, rows)
    return rows[0]?.isStandby ? 'standby' : 'primary'
  }

  function compareClocks(before: number, rows: { at: Date }[]): void {
    if (clock.isVirtual) return
    const after = clock.now()
    const database = rows[0]?.at.getTime() ?? before
    // The database read its clock somewhere between: what a busy machine took for the answer is no difference of clocks.
    const isFar = before - database > MAX_SKEW_MS || database - after > MAX_SKEW_MS
    if (!isFar && after - before > MAX_SKEW_MS) return
    const measured = Math.round((before + after) / 2 - database)
    if (isFar !== (skewMs !== 0)) {
      if (isFar) logger.warn({ clockSkewMs: measured }, CLOCKS_DIFFER)
      else logger.info('The clocks of this node and of the database agree again')
    }
    skewMs = isFar ? measured : 0
  }

  function say(now: string | undefined, err?: unknown): void {
    if (now === problem) return
    problem = now
    if (now === undefined) logger.info('The database answers again')
    else logger.warn({ err: err && asFailure(err) }, now)
  }

  function close(): void {
    client?.end().catch((err: unknown) => logger.debug({ err }, 'Closing a connection'))
    client = undefined
  }

  async function pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = monotonic.after(ms, resolve)
    await Promise.race([promise, stopped.promise])
  }

  return {
    isAnswering: () => problem === undefined,
    clockSkewMs: () => skewMs,
    async [Symbol.asyncDispose]() {
      isStopped = true
      stopped.resolve()
      await watching
      await client?.end()
    },
  }
}

/**
 * @returns nothing when the answer does not come in time
 * @throws what the query throws
 */
async function inTime<Answer>(
  monotonic: Monotonic,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  const late = Promise.withResolvers<undefined>()
  using _ = monotonic.after(SILENCE_MS, () =>
    // This process may have been the slow one: what has arrived meanwhile is read first.
    monotonic.afterTurn(() => monotonic.afterTurn(() => late.resolve(undefined))),
  )
  // Of a late answer nobody waits for.
  answer.catch(() => undefined)
  return await Promise.race([answer, late.promise])
}
