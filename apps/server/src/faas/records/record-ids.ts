import type { Ids } from '#base/kernel'

const COUNTER_BITS = 26
const LOW_BITS = 14

/**
 * UUIDs (version 7) that sort by when the invocation began and, within an instant, by the order in which this node made them:
 * records stay in order even while the clock stands still.
 */
export function recordIds(ids: Ids): (startedAt: number) => string {
  let counter = 0
  let instant = NaN
  /** Those made in one instant differ by the counter: chance tells nodes, and starts of a node, apart. */
  let prefix = ''
  let suffix = ''
  return (startedAt) => {
    counter = (counter + 1) % 2 ** COUNTER_BITS
    if (startedAt !== instant) {
      instant = startedAt
      const ms = startedAt.toString(16).padStart(12, '0')
      prefix = `${ms.slice(0, 8)}-${ms.slice(8)}-7`
      suffix = ids.uuid().slice(23)
    }
    const high = (counter >>> LOW_BITS).toString(16).padStart(3, '0')
    const low = (0x8000 | (counter & (2 ** LOW_BITS - 1))).toString(16)
    // One text, as `joined` makes it.
    return [prefix, high, '-', low, suffix].join('')
  }
}

/** When the invocation of this record began. */
export function startOf(recordId: string): number {
  return Number.parseInt(recordId.replace('-', '').slice(0, 12), 16)
}
