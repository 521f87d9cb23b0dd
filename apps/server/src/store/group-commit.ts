import type pg from 'pg'
import type { Clock, Ids, Logger, Monotonic } from '#kernel'
import { type Job, openBatcher } from './batcher.ts'
import { decodeOutcome, encodeBatch } from './encode-batch.ts'
import { clearFailure, isConflict, isConnectionFailure, unavailable } from './failures.ts'
import type { CommitOperation, CommitOutcome, LeasedRow } from './operations.ts'

const LANES = 3
const LARGEST_BATCH = 128
/** How long a commit waits for a database that is away before its caller is told. */
const PATIENCE_MS = 30_000
const CONFLICT_TRIES = 10

export interface GroupCommitDeps {
  connect: () => Promise<pg.Client>
  nodeId: string
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

interface Lane {
  id: string
  /** The number of the last batch that was sent. */
  batch: number
  client?: pg.Client | undefined
}

interface Answer {
  outcomes: string[]
  nexts: Record<string, Pick<LeasedRow, 'id' | 'consumer' | 'lane' | 'facts' | 'createdAt'>> | null
}

export interface GroupCommit extends AsyncDisposable {
  commit(operation: CommitOperation): Promise<CommitOutcome>
}

/** Commits many operations with one statement each time, so that they share one sync of the disk. */
export function openGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const lanes = Array.from({ length: LANES }, (): Lane => ({ id: deps.ids.uuid(), batch: 0 }))
  const batcher = openBatcher<CommitOperation, CommitOutcome, Lane>({
    lanes,
    largest: LARGEST_BATCH,
    run: (jobs, lane) => runBatch(deps, lane, jobs),
  })
  return {
    commit: (operation) => batcher.add(operation),
    async [Symbol.asyncDispose]() {
      await batcher.idle()
      for (const { client } of lanes) await client?.end()
    },
  }
}

type CommitJob = Job<CommitOperation, CommitOutcome>

async function runBatch(deps: GroupCommitDeps, lane: Lane, jobs: CommitJob[]): Promise<void> {
  const operations = jobs.map(({ item }) => item)
  const now = deps.clock.now()
  try {
    const { outcomes, nexts } = await sendBatch(deps, lane, encodeBatch(operations, now))
    for (const [index, { item, resolve }] of jobs.entries()) {
      resolve(decodeOutcome(item, outcomes[index] ?? '', nexts?.[index], now))
    }
  } catch (cause) {
    if (jobs.length === 1 || isConnectionFailure(cause)) {
      for (const { reject } of jobs) reject(clearFailure(cause))
      return
    }
    // One operation cannot be stored: the others must not suffer for it.
    for (const job of jobs) await runBatch(deps, lane, [job])
  }
}

/** Sends one batch until its outcome is known: the number of the batch makes sending it again harmless. */
async function sendBatch(deps: GroupCommitDeps, lane: Lane, batch: string): Promise<Answer> {
  const giveUpAt = deps.monotonic.now() + PATIENCE_MS
  lane.batch += 1
  for (let attempt = 1; ; attempt++) {
    try {
      lane.client ??= await openLane(deps, lane)
      const { rows } = await lane.client.query<Answer>({
        name: 'apply_operations',
        text: 'select outcomes, nexts from apply_operations($1, $2, $3, $4)',
        values: [lane.id, lane.batch, deps.nodeId, batch],
      })
      if (!rows[0]) throw new Error('apply_operations gave no answer')
      return rows[0]
    } catch (cause) {
      if (isConflict(cause) && attempt < CONFLICT_TRIES) continue
      if (!isConnectionFailure(cause)) throw cause
      deps.logger.warn({ err: cause, lane: lane.id, attempt }, 'A commit lost its connection')
      const broken = lane.client
      lane.client = undefined
      broken
        ?.end()
        .catch((error: unknown) => deps.logger.debug({ err: error }, 'Closing a broken connection'))
      if (deps.monotonic.now() > giveUpAt) throw unavailable(cause)
      await deps.monotonic.sleep(Math.min(20 * 2 ** attempt, 500))
    }
  }
}

async function openLane(deps: GroupCommitDeps, lane: Lane): Promise<pg.Client> {
  const client = await deps.connect()
  try {
    // Plans must not depend on what the tables held when the lane was opened.
    await client.query(
      'set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off',
    )
    await client.query('insert into commit_lane (id) values ($1) on conflict do nothing', [lane.id])
    return client
  } catch (cause) {
    await client.end()
    throw cause
  }
}
