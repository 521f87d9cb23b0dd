import { type ErrorDialect, type HotAnswer, type HotHandler, NATIVE_ERRORS } from '#base/http'

/** Pages of other sites hold conversations, too. That is safe: what allows a request is in its address, and no browser sends it by itself. */
const FOR_PAGES = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-request-id, retry-after',
}

const PREFLIGHT: HotAnswer = {
  status: 200,
  headers: {
    ...FOR_PAGES,
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '86400',
  },
}

/** A page is told why its file was refused. */
export const FILE_ERRORS: ErrorDialect = {
  ...NATIVE_ERRORS,
  matches: ({ path }) => path.startsWith('/v1/AUTH_async-images/'),
  headers: FOR_PAGES,
}

/** What a browser asks before a page of another site uploads a file. */
export async function servePreflight(): Promise<HotAnswer> {
  return PREFLIGHT
}

export function forPages(handle: HotHandler): HotHandler {
  return async (call) => {
    const answer = await handle(call)
    return { ...answer, headers: { ...answer.headers, ...FOR_PAGES } }
  }
}
