import { sql } from 'kysely'
import type pg from 'pg'
import { type Clock, type Ids, type Logger, type Monotonic, ParleyError } from '#base/kernel'
import { type Job, openBatcher } from './batcher.ts'
import type { Db } from './db.ts'
import { limiting, SERVING } from './connect.ts'
import type { Disk } from './disk.ts'
import { type BatchAnswer, decodeBatch } from './decode-batch.ts'
import { encodeBatch, type EncodedBatch } from './encode-batch.ts'
import {
  asFailure,
  clearFailure,
  isConflict,
  isConnectionFailure,
  isDiskFull,
  isDouble,
  isMissingProcedure,
  isOverdue,
  isRepetition,
} from './failures.ts'
import { takeIndependent } from './independent.ts'
import type { CommitOperation, CommitOutcome } from './operations.ts'
import { type KnownHeads, openKnownHeads } from './outbox-rows.ts'

export const COMMIT_CONNECTIONS = 3
const MAX_BATCH = 128
/** How long a commit waits for a database that is away, in the queue and in its batch, before it fails. */
const PATIENCE_MS = 30_000
/** A commit that waits for a lock holds up those that left with it: they are sent again one by one. */
const LIMITS = { ...SERVING, lockMs: 1_000 }
const CONFLICT_TRIES = 10
const REPLAN_MS = 60_000
/** After a message was there already, each batch looks for its own before it inserts them: who repeats messages costs others one batch in that time. */
const WARY_MS = 1_000

export interface GroupCommitDeps {
  connect: () => Promise<pg.Client>
  /** The name of the stored procedure. */
  applyOperations: string
  /** Called when another node has removed it. */
  installProcedures: () => Promise<void>
  nodeId: string
  disk: Disk
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

interface CommitDeps extends GroupCommitDeps {
  heads: KnownHeads
  /** In monotonic time. */
  wary: { until: number }
}

/** A connection that commits; when it breaks, `client` is replaced. */
interface Connection {
  id: string
  /** Among those of this node. */
  index: number
  /** The number of the last batch that was sent. */
  batch: number
  client?: pg.Client | undefined
  replanAt: { batch: number; time: number }
}

/** Forgets the connections of nodes that are gone. A node that only slept makes its rows anew. */
export async function forgetOldConnections(db: Db): Promise<void> {
  await sql`delete from commit_lane where used_at < clock_timestamp() - interval '1 day'`.execute(
    db,
  )
}

export interface GroupCommit extends AsyncDisposable {
  commit(operation: CommitOperation): Promise<CommitOutcome>
  /** How long the oldest commit has waited until it is sent. */
  waitingMs(): number
}

/** Commits many operations with one statement each time, so that they share one sync of the disk. */
export function openGroupCommit(given: GroupCommitDeps): GroupCommit {
  const deps: CommitDeps = { ...given, heads: openKnownHeads(), wary: { until: 0 } }
  const connections = Array.from({ length: COMMIT_CONNECTIONS }, (_, index): Connection => ({
    id: deps.ids.uuid(),
    index,
    batch: 0,
    replanAt: { batch: 0, time: 0 },
  }))
  const batcher = openBatcher<CommitOperation, CommitOutcome, Connection>({
    connections,
    now: deps.monotonic.now,
    canWait: ({ canWait = false }) => canWait,
    sleep: (ms) => deps.monotonic.sleep(ms),
    afterTurn: deps.monotonic.afterTurn,
    take: (waiting) => takeIndependent(waiting, MAX_BATCH),
    run: (jobs, connection) => runBatch(deps, connection, jobs),
  })
  return {
    async commit(operation) {
      deps.disk.requireRoom()
      return await batcher.add(operation)
    },
    waitingMs: batcher.waitingMs,
    async [Symbol.asyncDispose]() {
      await batcher.idle()
      for (const { client } of connections) await client?.end()
    },
  }
}

type CommitJob = Job<CommitOperation, CommitOutcome>

/** Resolves with what tells those who wait. */
async function runBatch(
  deps: CommitDeps,
  connection: Connection,
  jobs: CommitJob[],
): Promise<() => void> {
  const operations = jobs.map(({ item }) => item)
  const now = deps.clock.now()
  const since = Math.min(...jobs.map((job) => job.since))
  try {
    const encode = (looksForKeys: boolean) =>
      encodeBatch(operations, {
        now,
        connection: connection.index,
        heads: deps.heads,
        looksForKeys,
      })
    const answer = await sendBatch(deps, connection, encode, since + PATIENCE_MS)
    const outcomes = decodeBatch(operations, answer, now)
    deps.heads.note(operations, outcomes)
    return () => {
      for (const [index, { resolve, reject }] of jobs.entries()) {
        const outcome = outcomes[index]
        if (outcome) resolve(outcome)
        else reject(new Error('A commit has no outcome'))
      }
    }
  } catch (cause) {
    // Whether a lost batch took effect is unknown: under another number it might take effect twice.
    if (isDiskFull(cause)) deps.disk.noteFull()
    if (jobs.length === 1 || cause instanceof ParleyError || isDiskFull(cause)) {
      return () => {
        for (const { reject } of jobs) reject(clearFailure(cause))
      }
    }
    // One operation cannot be stored, or waits for a lock that somebody has forgotten: the others must not suffer for it.
    for (const job of jobs) (await runBatch(deps, connection, [job]))()
    return () => {}
  }
}

/** Sends one batch until its outcome is known: the number of the batch makes sending it again harmless. */
async function sendBatch(
  deps: CommitDeps,
  connection: Connection,
  encode: (looksForKeys: boolean) => EncodedBatch,
  giveUpAt: number,
): Promise<BatchAnswer> {
  connection.batch += 1
  let isSentAgain = false
  for (let attempt = 1; ; attempt++) {
    try {
      connection.client ??= await openConnection(deps, connection)
      if (isTimeToReplan(deps, connection)) await connection.client.query('discard plans')
      const batch = encode(attempt > 1 || deps.monotonic.now() < deps.wary.until)
      return await applyOperations(deps, connection, connection.client, batch, isSentAgain)
    } catch (cause) {
      if (isDouble(cause)) deps.wary.until = deps.monotonic.now() + WARY_MS
      if ((isConflict(cause) || isDouble(cause)) && attempt < CONFLICT_TRIES) continue
      if (isMissingProcedure(cause) && attempt < CONFLICT_TRIES) {
        closeBroken(deps, connection)
        await deps.installProcedures()
        continue
      }
      // The first sending may still be on its way, and keep this one waiting: what became of it is not known yet.
      const waitsForFirst = isSentAgain && isOverdue(cause)
      // Nor is it where the connection that would tell cannot be used yet, whatever for.
      const isUntold = isSentAgain && connection.client === undefined && !isDiskFull(cause)
      if (!waitsForFirst && !isUntold && !isConnectionFailure(cause)) throw cause
      const err = asFailure(cause)
      deps.logger.warn(
        { err, connection: connection.id, attempt },
        waitsForFirst ? 'A commit that was sent again had to wait' : 'A commit lost its connection',
      )
      if (!waitsForFirst) closeBroken(deps, connection)
      isSentAgain = true
      if (deps.monotonic.now() > giveUpAt) throw err
      await deps.monotonic.sleep(Math.min(20 * 2 ** attempt, 500))
    }
  }
}

async function applyOperations(
  deps: CommitDeps,
  connection: Connection,
  client: pg.Client,
  { rows: encoded, texts }: EncodedBatch,
  isSentAgain: boolean,
): Promise<BatchAnswer> {
  let refusal: unknown
  try {
    const { rows } = await client.query<BatchAnswer>({
      name: 'apply_operations',
      text: `select outcomes, nexts from ${deps.applyOperations}($1, $2, $3, $4, $5)`,
      values: [connection.id, connection.batch, deps.nodeId, encoded, texts],
    })
    if (rows[0]) return rows[0]
  } catch (cause) {
    // What it inserts may be there already because it was committed.
    if (!isRepetition(cause) && !(isSentAgain && isDouble(cause))) throw cause
    refusal = cause
  }
  // It was committed, and its answer got lost on the way.
  const { rows } = await client.query<Pick<BatchAnswer, 'outcomes'>>(
    'select outcomes from commit_lane where id = $1 and batch = $2',
    [connection.id, connection.batch],
  )
  if (rows[0]) return { outcomes: rows[0].outcomes, nexts: null }
  if (isDouble(refusal)) throw refusal
  throw new Error(`No batch ${connection.batch} of connection "${connection.id}"`)
}

/** The next connection may be to a database that knows less. */
function closeBroken({ logger, heads }: CommitDeps, connection: Connection): void {
  heads.forget()
  connection.client
    ?.end()
    .catch((err: unknown) => logger.debug({ err }, 'Closing a broken connection'))
  connection.client = undefined
}

/**
 * The plans of the first batches were made for empty tables, and may walk an index that is long by now: they are made anew
 * as the tables grow.
 */
function isTimeToReplan({ monotonic }: GroupCommitDeps, connection: Connection): boolean {
  const now = monotonic.now()
  if (connection.batch < connection.replanAt.batch && now < connection.replanAt.time) return false
  connection.replanAt = { batch: Math.max(50, connection.batch * 4), time: now + REPLAN_MS }
  return true
}

/**
 * Plans must not depend on what the tables held when they were made. Bitmaps do not mark the dead rows that they find, and
 * ordering keys are looked up again and again.
 */
const PLANNING = `set plan_cache_mode = force_generic_plan; set jit = off; set enable_seqscan = off;
  set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off`

async function openConnection(deps: CommitDeps, connection: Connection): Promise<pg.Client> {
  const client = await deps.connect()
  try {
    await client.query(`${PLANNING}; ${limiting(LIMITS)}`)
    await client.query('insert into commit_lane (id) values ($1) on conflict do nothing', [
      connection.id,
    ])
    return client
  } catch (cause) {
    await client.end()
    throw cause
  }
}
