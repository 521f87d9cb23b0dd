import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'

/** Full collections that come sooner after each other are too many. */
const TOO_SOON_MS = 3_000
/** With so long between two, V8 may decide again. */
const CALM_MS = 30_000
/** Of a larger heap, V8's limit leaves room enough. */
const SMALL_BYTES = 134_217_728
/** Of what lives: so much may be added until the next full collection. V8 itself goes as far at most. */
const ROOM_PERCENT = 300

/**
 * Gives a busy server's heap more room. V8 begins a full collection as soon as what is left until its limit, some twice of what lives, is less
 * than the young generation may hold. With the 40 MB of a server it always is, so a busy one would have a full collection each second. An
 * idle one keeps what V8 decides, which is less memory.
 */
export function giveHeapRoom(): void {
  let last = Number.NEGATIVE_INFINITY
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries().filter(isFull)) {
      const since = entry.startTime - last
      last = entry.startTime
      if (since > CALM_MS || getHeapStatistics().used_heap_size > SMALL_BYTES) allow(0)
      else if (since < TOO_SOON_MS) allow(ROOM_PERCENT)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
}

/** With 0, V8 decides. */
function allow(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

function isFull(entry: PerformanceEntry & { detail?: unknown }): boolean {
  const { detail } = entry
  return (
    typeof detail === 'object' &&
    detail !== null &&
    'kind' in detail &&
    detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  )
}
