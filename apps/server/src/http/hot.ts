import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkText } from './check-text.ts'
import { splitUrl } from './error-dialects.ts'
import type { PathMatch, PathParams } from './match-path.ts'

/** A request that skips the framework: what matters there is microseconds. */
export interface HotCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly params: PathParams
  /** What follows the question mark, undecoded. */
  readonly query: string
  readonly requestId: string
}

/** Answers `call.response` itself; what it throws is answered in the dialect of the path. */
export type HotHandler = (call: HotCall) => void | Promise<void>

interface HotRoute {
  readonly method: string
  readonly match: PathMatch
  readonly handle: HotHandler
}

export interface HotTable {
  add(method: string, match: PathMatch, handle: HotHandler): void
  /** The handler bound to its parameters, `undefined` when the path is not hot. */
  find(request: IncomingMessage): ((rest: HotRest) => void | Promise<void>) | undefined
  methodsOf(path: string): string[]
}

type HotRest = Pick<HotCall, 'response' | 'requestId'>

export function hotTable(): HotTable {
  const routes: HotRoute[] = []
  return {
    add: (method, match, handle) => void routes.push({ method, match, handle }),
    find(request) {
      if (routes.length === 0) return undefined
      const { path, query } = splitUrl(request.url ?? '/')
      for (const route of routes) {
        if (route.method !== request.method) continue
        const params = route.match(path)
        if (!params) continue
        return (rest) => {
          checkText(params, 'params')
          return route.handle({ request, params, query, ...rest })
        }
      }
      return undefined
    },
    methodsOf: (path) =>
      routes.filter(({ match }) => match(path) !== undefined).map(({ method }) => method),
  }
}
