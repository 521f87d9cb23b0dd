import { type Forked, forkProgram } from './forked.ts'
import type { Summary } from './load/summary.ts'
import { median, round } from './report.ts'

/** What the disk alone takes for small writes that are to stay: the tail of what is stored is its tail. */
export interface DiskResult extends Summary {
  worstMs: number
}

/** Measures it beside what is measured, for as long as it is asked to. */
export async function watchDisk(): Promise<
  AsyncDisposable & { watch(seconds: number): Promise<DiskResult> }
> {
  const program: Forked = await forkProgram('targets/disk-sync.ts')
  return {
    watch: (seconds) => program.ask<DiskResult>({ seconds }),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  }
}

/** Medians over rounds, and the worst of all. */
export function diskRow(rounds: readonly DiskResult[]): Record<string, string | number> {
  return {
    what: 'the disk alone meanwhile: 8 KB written and synced, 200/s',
    'p50 ms': round(median(rounds.map(({ p50Ms }) => p50Ms))),
    'p99 ms': round(median(rounds.map(({ p99Ms }) => p99Ms))),
    'worst ms': round(Math.max(...rounds.map(({ worstMs }) => worstMs))),
  }
}
