import type pg from 'pg'
import type { Clock, Logger, Monotonic } from '#base/kernel'
import type { Connector } from './connect.ts'

const PING_MS = 1_000
/** A database that does not answer for so long is away, whatever its connections look like. */
const SILENCE_MS = 3_000
const RETRY_MS = 250
/** Nodes whose clocks differ by less agree well enough on what is due. */
const MAX_SKEW_MS = 1_000

const CLOCKS_DIFFER =
  'The clocks of this node and of the database differ: it leaves timers to others, and takes what nobody took late'

/** Knows whether the database answers, and what time it is there. */
export interface Watch extends AsyncDisposable {
  /** Asks nothing: the last ping was answered, and not long ago. */
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
 * `SILENCE_MS` without an answer all of them are broken here, so that what waits fails or is sent again on new ones.
 */
export function watchDatabase(
  { connector, clock, logger, monotonic }: WatchDeps,
  onSilence: () => void = () => connector.breakAll('The database does not answer'),
): Watch {
  const stopped = Promise.withResolvers<void>()
  let isStopped = false
  let answering = true
  let skewMs = 0
  let client: pg.Client | undefined
  const watching = watch()

  async function watch(): Promise<void> {
    while (!isStopped) {
      try {
        // Silence may also begin while this connection is made: those of before would stay for long.
        if (await isAnswered(monotonic, ask())) {
          say(true)
          await pause(PING_MS)
          continue
        }
        onSilence()
        say(false)
      } catch (err) {
        // A connection that broke is no sign yet: whether a new one works is.
        if (!client) say(false, err)
      }
      close()
      if (!answering) await pause(RETRY_MS)
    }
  }

  /** On a connection that is made where there is none. */
  async function ask(): Promise<void> {
    client ??= await connector.connect()
    await compareClocks(client)
  }

  async function compareClocks(asked: pg.Client): Promise<void> {
    const before = clock.now()
    const { rows } = await asked.query<{ at: Date }>('select clock_timestamp() as at')
    const [own, database] = [(before + clock.now()) / 2, rows[0]?.at.getTime() ?? before]
    const measured = clock.isVirtual ? 0 : Math.round(own - database)
    const isFar = Math.abs(measured) > MAX_SKEW_MS
    if (isFar !== (skewMs !== 0)) {
      if (isFar) logger.warn({ clockSkewMs: measured }, CLOCKS_DIFFER)
      else logger.info('The clocks of this node and of the database agree again')
    }
    skewMs = isFar ? measured : 0
  }

  function say(answers: boolean, err?: unknown): void {
    if (answers === answering) return
    answering = answers
    if (answers) logger.info('The database answers again')
    else logger.warn({ err }, 'The database does not answer')
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
    isAnswering: () => answering,
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
 * Whether the answer comes in time.
 * @throws what the query throws
 */
async function isAnswered(monotonic: Monotonic, answer: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  using _ = monotonic.after(SILENCE_MS, () =>
    // This process may have been the slow one: what has arrived meanwhile is read first.
    monotonic.afterTurn(() => monotonic.afterTurn(() => late.resolve(false))),
  )
  const answered = answer.then(() => true)
  // Of a late answer nobody waits for.
  answered.catch(() => undefined)
  return await Promise.race([answered, late.promise])
}
