import { decodePart, type PathMatch, type PathParams } from '#base/http'

const PREFIX = '/api/account/'

/** Found without a regular expression. */
export const matchInvocation: PathMatch = Object.assign(
  (path: string) => match(path, '/lambdas/', 'uuid', '/invoke'),
  { pattern: '/api/account/:accountId/lambdas/:uuid/invoke' },
)

export const matchEventInvocation: PathMatch = Object.assign(
  (path: string) => match(path, '/events/', 'eventId', '/invoke'),
  { pattern: '/api/account/:accountId/events/:eventId/invoke' },
)

export const matchImplementation: PathMatch = Object.assign(
  (path: string) => match(path, '/events/', 'eventId', '/isImplemented'),
  { pattern: '/api/account/:accountId/events/:eventId/isImplemented' },
)

function match(path: string, kind: string, name: string, last: string): PathParams | undefined {
  if (!path.startsWith(PREFIX)) return undefined
  const slash = path.indexOf('/', PREFIX.length)
  if (slash < 0 || !path.startsWith(kind, slash)) return undefined
  const end = path.endsWith('/') ? path.length - 1 : path.length
  const start = slash + kind.length
  const stop = end - last.length
  if (stop <= start || !path.startsWith(last, stop)) return undefined
  const id = path.slice(start, stop)
  if (id.includes('/')) return undefined
  const [accountId, named] = [decodePart(path.slice(PREFIX.length, slash)), decodePart(id)]
  return accountId === undefined || named === undefined ? undefined : { accountId, [name]: named }
}
