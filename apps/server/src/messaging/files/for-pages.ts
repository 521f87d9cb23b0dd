import {
  type ErrorDialect,
  FOR_PAGES,
  type HotAnswer,
  type HotHandler,
  NATIVE_ERRORS,
  preflightHeaders,
} from '#base/http'

const PREFLIGHT: HotAnswer = {
  status: 200,
  headers: preflightHeaders({ methods: 'GET, PUT', headers: 'content-type' }),
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
