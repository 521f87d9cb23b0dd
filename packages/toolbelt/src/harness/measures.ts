const { now } = performance
const { apply } = Reflect
const MAX_LABELS = 1_000

/**
 * `console.time` and `console.count`. Their entries are of the level `Debug`: they are for the author, and must not make a deployed function
 * log more than it may.
 */
export function createMeasures(log: (text: string, ...rest: unknown[]) => void) {
  const startedAt = new Map<string, number>()
  const counts = new Map<string, number>()
  const since = (label: string): string | undefined => {
    const at = startedAt.get(label)
    return at === undefined ? undefined : `${label}: ${(nowMs() - at).toFixed(3)}ms`
  }
  return {
    time(label: unknown = 'default') {
      if (startedAt.size < MAX_LABELS) startedAt.set(String(label), nowMs())
    },
    timeLog(label: unknown = 'default', ...rest: unknown[]) {
      log(since(String(label)) ?? noSuch(label), ...rest)
    },
    timeEnd(label: unknown = 'default') {
      log(since(String(label)) ?? noSuch(label))
      startedAt.delete(String(label))
    },
    count(label: unknown = 'default') {
      const count = (counts.get(String(label)) ?? 0) + 1
      if (counts.size < MAX_LABELS) counts.set(String(label), count)
      log(`${String(label)}: ${count}`)
    },
    countReset(label: unknown = 'default') {
      counts.delete(String(label))
    },
  }
}

function nowMs(): number {
  return apply(now, performance, [])
}

function noSuch(label: unknown): string {
  return `No such label '${String(label)}' for console.time()`
}
