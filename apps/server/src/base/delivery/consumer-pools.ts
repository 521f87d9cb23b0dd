import type { OutboxConsumer } from './types.ts'
import type { WorkerPool } from './worker-pools.ts'

/** Runs timers, and the rows of consumers without a bound of their own. */
export const SHARED: WorkerPool = { name: '', size: 256 }

/** Runs what alarms begin: it never waits for rows. */
export const ALARMS: WorkerPool = { name: 'alarms', size: 64 }

export function poolOf(consumer: OutboxConsumer<unknown> | undefined): WorkerPool {
  if (consumer?.atOnce === undefined) return SHARED
  return { name: consumer.name, size: consumer.atOnce }
}

/** Every pool, with the consumers whose rows it runs. */
export function poolsOf(consumers: Iterable<OutboxConsumer<unknown>>): Map<WorkerPool, string[]> {
  const pools = new Map<WorkerPool, string[]>([[SHARED, []]])
  for (const consumer of consumers) {
    const pool = poolOf(consumer)
    pools.set(pool, [...(pools.get(pool) ?? []), consumer.name])
  }
  return pools
}
