import type { IncomingHttpHeaders } from 'node:http'

/** Where a stream begins: a client that comes back names the last event that it has. */
export function firstUnsent(from: number, headers: IncomingHttpHeaders): number {
  const last = headers['last-event-id']
  return typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) + 1 : from
}
