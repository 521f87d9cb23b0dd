import { constants } from 'node:os'

/** Of processes that live, started in groups of their own. */
const groups = new Set<number>()
let isWatching = false

function endAll(): void {
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGINT')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

function watch(): void {
  if (isWatching) return
  isWatching = true
  process.once('exit', endAll)
  // By themselves they end this process without an `exit`.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
}

/** Sends Ctrl-C to a group of processes when this process ends, which a terminal does not do for it; until disposed. */
export function endWithUs(group: number): Disposable {
  watch()
  groups.add(group)
  return { [Symbol.dispose]: () => void groups.delete(group) }
}
