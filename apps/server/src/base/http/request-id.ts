import type { IncomingHttpHeaders } from 'node:http'
import type { Ids } from '#base/kernel'

const ACCEPTABLE = /^[\w.:/+=-]{1,128}$/

/** The caller's `X-Request-ID` when it can be logged as it is, else a new one. */
export function requestIdOf(ids: Ids, headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : ids.uuid()
}
