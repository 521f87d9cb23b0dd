import type { IncomingHttpHeaders } from 'node:http'
import { invalid } from '#base/kernel'

const PLACE = /^\d{1,15}$/

/**
 * Where a reader goes on, in domain time: `undefined` for one that begins.
 * @throws ParleyError `invalid_request` for a `Last-Event-ID` that no stream has sent
 */
export function placeOf(headers: IncomingHttpHeaders, after?: number): number | undefined {
  const last = headers['last-event-id']
  if (last === undefined) return after
  if (typeof last === 'string' && PLACE.test(last)) return Number(last)
  throw invalid('headers.last-event-id', 'must be the `id` of an event of this stream')
}
