import { declareBound, openPlaces } from '#base/bounds'
import { ParleyError } from '#base/kernel'
import type { HashOrder, HashThread } from './hash-thread.ts'

const WAITING = declareBound({
  kind: 'places',
  holds: 'passwords that wait to be hashed',
  limit: 256,
  each: 64,
  per: 'node and address',
  beyond: 'refused with 429',
})
const BUSY_RETRY_MS = 1000

/** In this order: from a device that is known, or for an administrator; and from any other. */
export type Urgency = 'trusted' | 'unknown'

export interface HashRequest {
  urgency: Urgency
  /** Group of addresses, for the bound of each. */
  from: string
  /** Called right before the work begins. What it throws is the answer. */
  begin?: () => void
  order: HashOrder
}

interface Waiting extends HashRequest {
  start(): void
}

/** One hash at a time. Those that are trusted overtake the others. */
export interface HashQueue {
  /** @throws ParleyError `rate_limited` when too many wait already */
  derive(request: HashRequest): Promise<Uint8Array>
}

export function hashQueue(thread: HashThread): HashQueue {
  const unknownPlaces = openPlaces(WAITING)
  const trustedPlaces = openPlaces(WAITING, { each: WAITING.limit })
  const waiting: Record<Urgency, Waiting[]> = { trusted: [], unknown: [] }
  let isBusy = false

  function next(): void {
    if (isBusy) return
    const request = waiting.trusted.shift() ?? waiting.unknown.shift()
    if (!request) return
    isBusy = true
    request.start()
  }

  async function run({ begin, order }: HashRequest): Promise<Uint8Array> {
    try {
      begin?.()
      return await thread.derive(order)
    } finally {
      isBusy = false
      next()
    }
  }

  return {
    derive(request) {
      const place = (request.urgency === 'trusted' ? trustedPlaces : unknownPlaces).take(
        request.from,
      )
      if (!place) {
        throw new ParleyError('rate_limited', 'Too many log-ins at once; try again later', {
          retryAfterMs: BUSY_RETRY_MS,
        })
      }
      return new Promise<Uint8Array>((resolve, reject) => {
        const start = () => void run(request).then(resolve, reject)
        waiting[request.urgency].push({ ...request, start })
        next()
      }).finally(() => place[Symbol.dispose]())
    },
  }
}
