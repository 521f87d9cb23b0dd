import type { IncomingMessage } from 'node:http'
import { checkText } from '#base/input'
import { splitUrl } from './error-dialects.ts'
import type { PlainRequest } from '#base/lane'
import type { KnownRoute } from './known-routes.ts'
import type { PathMatch, PathParams } from './match-path.ts'
import type { HotAnswer } from './send-answer.ts'

/** The request of a hot path: one that Node reads, or a whole one that came by the lane. */
export type HotRequest = IncomingMessage | PlainRequest

/** A request that skips the framework: what matters there is microseconds. */
export interface HotCall<Request extends HotRequest = IncomingMessage> {
  readonly request: Request
  readonly params: PathParams
  /** What follows the question mark, undecoded. */
  readonly query: string
  readonly requestId: string
}

/** What it throws is answered in the dialect of the path. */
export type HotHandler<Request extends HotRequest = IncomingMessage> = (
  call: HotCall<Request>,
) => Promise<HotAnswer>

/** Answers what the lane may bring, whose answers are not watched on their way. */
export type PlainHandler = (call: HotCall<HotRequest>) => Promise<HotAnswer & { sent?: never }>

interface HotRoute<Request extends HotRequest> {
  readonly method: string
  readonly match: PathMatch
  readonly handle: HotHandler<Request>
}

export interface Found<Request extends HotRequest> {
  readonly handle: HotHandler<Request>
  readonly params: PathParams
  readonly query: string
}

export interface HotTable<Request extends HotRequest> {
  add(method: string, match: PathMatch, handle: HotHandler<Request>): void
  /** The handler and its parameters, `undefined` when the path is not hot. */
  find(request: Pick<HotRequest, 'method' | 'url'>): Found<Request> | undefined
  methodsOf(path: string): string[]
  list(): KnownRoute[]
}

export function hotTable<Request extends HotRequest>(): HotTable<Request> {
  const routes: HotRoute<Request>[] = []
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

/** Never throws, but rejects. No async function: each costs a call three turns of the queue of promises. */
export function answerHot<Request extends HotRequest>(
  { handle, params, query }: Found<Request>,
  request: Request,
  requestId: string,
): Promise<HotAnswer> {
  try {
    // Without an escape there is no U+0000 and no lone surrogate: the parser of HTTP reads bytes, and refuses the first.
    if (request.url?.includes('%')) checkText(params, 'params')
    return handle({ request, params, query, requestId })
  } catch (error) {
    return Promise.reject(error)
  }
}
