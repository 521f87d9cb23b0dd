import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Monotonic } from '#base/kernel'
import type { PlainAnswer } from './send-answer.ts'

/** A request that has come as a whole, and about which nothing is odd. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST'
  /** Path and query as received. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly socket: Socket
  readonly body: Buffer
}

export interface LaneDeps {
  monotonic: Pick<Monotonic, 'after' | 'afterTurn'>
  /** The real time, for the `Date` of answers. */
  now(): number
  limits: {
    /** For the first byte of a connection; one that stays silent is answered as `node:http` does. */
    headersTimeoutMs: number
    /** For anything to move while a request is answered. */
    stalledMs: number
    /** Between one request and the next. */
    keepAliveMs: number
  }
  /** Counts a request that is being answered. What is returned is called when it no longer is. */
  begin(exchange: { shouldKeepAlive: boolean }): () => void
}

/** How the requests to a path are answered; `undefined` for what is for `node:http`. */
export type FindPlain = (request: Pick<PlainRequest, 'method' | 'url'>) => Serve | undefined
export type Serve = (request: PlainRequest) => Promise<PlainAnswer>
