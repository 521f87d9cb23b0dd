import type { IncomingMessage } from 'node:http'
import { checkText } from '#base/input'
import { splitUrl } from './error-dialects.ts'
import type { KnownRoute } from './known-routes.ts'
import type { PathMatch, PathParams } from './match-path.ts'
import type { HotAnswer } from './send-answer.ts'

/** A request that skips the framework: what matters there is microseconds. */
export interface HotCall {
  readonly request: IncomingMessage
  readonly params: PathParams
  /** What follows the question mark, undecoded. */
  readonly query: string
  readonly requestId: string
}

/** What it throws is answered in the dialect of the path. */
export type HotHandler = (call: HotCall) => Promise<HotAnswer>

interface HotRoute {
  readonly method: string
  readonly match: PathMatch
  readonly handle: HotHandler
}

interface Found {
  readonly handle: HotHandler
  readonly params: PathParams
  readonly query: string
}

export interface HotTable {
  add(method: string, match: PathMatch, handle: HotHandler): void
  /** The handler and its parameters, `undefined` when the path is not hot. */
  find(request: IncomingMessage): Found | undefined
  methodsOf(path: string): string[]
  list(): KnownRoute[]
}

export function hotTable(): HotTable {
  const routes: HotRoute[] = []
  return {
    add: (method, match, handle) => void routes.push({ method, match, handle }),
    find(request) {
      if (routes.length === 0) return undefined
      const { path, query } = splitUrl(request.url ?? '/')
      for (const { method, match, handle } of routes) {
        if (method !== request.method) continue
        const params = match(path)
        if (params) return { handle, params, query }
      }
      return undefined
    },
    methodsOf: (path) =>
      routes.filter(({ match }) => match(path) !== undefined).map(({ method }) => method),
    list: () => routes.map(({ method, match }) => ({ method, path: match.pattern })),
  }
}

export async function answerHot(
  { handle, params, query }: Found,
  request: IncomingMessage,
  requestId: string,
): Promise<HotAnswer> {
  // Without an escape there is no U+0000 and no lone surrogate: the parser of HTTP reads bytes, and refuses the first.
  if (request.url?.includes('%')) checkText(params, 'params')
  return handle({ request, params, query, requestId })
}
