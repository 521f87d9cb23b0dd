import type { PathParams } from '#base/http'

const PREFIX = '/api/account/'
const INVOKE = '/invoke'

/** `/api/account/:accountId/lambdas/:uuid/invoke`, found without a regular expression. */
export function matchInvocation(path: string): PathParams | undefined {
  return match(path, '/lambdas/', 'uuid')
}

/** `/api/account/:accountId/events/:eventId/invoke` */
export function matchEventInvocation(path: string): PathParams | undefined {
  return match(path, '/events/', 'eventId')
}

function match(path: string, kind: string, name: string): PathParams | undefined {
  if (!path.startsWith(PREFIX)) return undefined
  const slash = path.indexOf('/', PREFIX.length)
  if (slash < 0 || !path.startsWith(kind, slash)) return undefined
  const end = path.endsWith('/') ? path.length - 1 : path.length
  const start = slash + kind.length
  const stop = end - INVOKE.length
  if (stop <= start || !path.startsWith(INVOKE, stop)) return undefined
  const id = path.slice(start, stop)
  return id.includes('/') || id.includes('%')
    ? undefined
    : { accountId: path.slice(PREFIX.length, slash), [name]: id }
}
