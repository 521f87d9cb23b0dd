import type { Clock, Ids } from '#kernel'

const COUNTER_BITS = 26
const LOW_BITS = 14

/**
 * UUIDs (version 7) that sort by domain time and, within an instant, by the order in which this node made them:
 * a clock that stands still must not shuffle records.
 */
export function recordIds(clock: Clock, ids: Ids): () => string {
  let counter = 0
  return () => {
    counter = (counter + 1) % 2 ** COUNTER_BITS
    const ms = clock.now().toString(16).padStart(12, '0')
    const high = (counter >>> LOW_BITS).toString(16).padStart(3, '0')
    const low = (0x8000 | (counter & (2 ** LOW_BITS - 1))).toString(16)
    return `${ms.slice(0, 8)}-${ms.slice(8)}-7${high}-${low}-${ids.uuid().slice(24)}`
  }
}
