import type { OutboxConsumer, TimerKind, Workers } from './types.ts'
import type { WorkerPool } from './worker-pools.ts'

/** Runs what only asks the database: it never waits for a function, a mail server or a vendor. */
const PLATFORM: WorkerPool = { name: 'platform', size: 64, perAccount: 32 }

/** Runs what waits for functions. */
const FUNCTIONS: WorkerPool = { name: 'functions', size: 256, perAccount: 128 }

/** Runs what alarms begin: it never waits for rows. */
export const ALARMS: WorkerPool = { name: 'alarms', size: 64, perAccount: 64 }

export function poolOf({ name, workers }: { name: string; workers: Workers }): WorkerPool {
  if (workers === 'platform') return PLATFORM
  if (workers === 'functions') return FUNCTIONS
  return { name, size: workers, perAccount: Math.ceil(workers / 2) }
}

/** What a pool runs. */
export interface PoolWork {
  pool: WorkerPool
  /** Names. */
  consumers: string[]
  kinds: string[]
}

/** Every pool that has work, with the consumers whose rows it runs and the kinds of its timers. */
export function workByPool(
  consumers: Iterable<OutboxConsumer<unknown>>,
  kinds: Iterable<TimerKind<unknown>>,
): PoolWork[] {
  const byName = new Map<string, PoolWork>()
  const workOf = (pool: WorkerPool): PoolWork => {
    const work = byName.get(pool.name) ?? { pool, consumers: [], kinds: [] }
    byName.set(pool.name, work)
    return work
  }
  for (const consumer of consumers) workOf(poolOf(consumer)).consumers.push(consumer.name)
  for (const { kind, workers } of kinds) {
    workOf(poolOf({ name: kind, workers })).kinds.push(kind)
  }
  return [...byName.values()]
}
