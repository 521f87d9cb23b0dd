import type { Dispatcher, Pool } from 'undici'
import * as z from 'zod'
import { DEFAULT_LIMITS } from '@parley/contract'
import { declareBound, openPlaces } from '#base/bounds'
import { isOwnHost } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Base } from '#base/store'
import { type InternalListener, MAX_ANSWER_BYTES } from '#faas/egress'
import { CALLER_HEADER, type CallingFunction, type CallerTokens } from '#faas/invocations'

export const InternalRequest = z.object({
  host: z.string().regex(/^[\w.-]{1,253}$/),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  path: z
    .string()
    .regex(/^\/[^\s]*$/)
    .max(8_192),
  headers: z.record(z.string(), z.string()),
  /** Base64; empty for none. */
  body: z.string().optional(),
})
type InternalRequest = z.infer<typeof InternalRequest>

/** An answer as the toolbelt reads it. */
interface InternalAnswer {
  statusCode: number
  headers: Dispatcher.ResponseData['headers']
  /** Base64. */
  body: string
}

/** Hop-by-hop members, and what is set here. */
const NOT_FORWARDED = new Set([
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  CALLER_HEADER,
])

/** From the request to the last byte of its answer. */
const MAX_MS = DEFAULT_LIMITS.executionTimeMs
/** Of one account. Many: a request may wait for a function that sends requests of its own. */
const MAX_OPEN = 200
const OPEN = declareBound({
  kind: 'places',
  holds: 'requests of functions to this server as host calls, by account',
  limit: 2_000,
  each: MAX_OPEN,
  per: 'node',
  beyond: 'refused with 429',
})
const READING_BYTES = declareBound({
  kind: 'places',
  holds: 'bytes of their answers that are being read, by account',
  limit: 268_435_456,
  each: 33_554_432,
  per: 'node',
  beyond: 'the call fails with `answer_too_large`',
})

export interface InternalRequests extends AsyncDisposable {
  /**
   * Sends a request of a function to this node's listener, so the same checks apply as to requests from outside.
   * @throws ParleyError `forbidden`, `rate_limited`, `answer_too_large`, `request_timeout`; rejects when `signal` aborts
   */
  send(
    caller: CallingFunction,
    request: InternalRequest,
    signal: AbortSignal,
  ): Promise<InternalAnswer>
}

/** @param listener this node's TLS listener for functions, once it listens */
export function openInternalRequests(
  {
    monotonic,
    callerTokens,
  }: Pick<Base, 'monotonic'> & { callerTokens: Pick<CallerTokens, 'tokenOf'> },
  listener: () => InternalListener | undefined,
): InternalRequests {
  const pools = new Map<string, Pool>()
  const open = openPlaces(OPEN)
  const reading = openPlaces(READING_BYTES)

  async function poolOf(accountId: string): Promise<Pool> {
    // Loaded when a function first asks: the library takes a thirtieth of a start.
    const { openPool } = await import('./internal-pool.ts')
    const known = pools.get(accountId)
    if (known) return known
    const own = listener()
    if (!own) throw new ParleyError('unavailable', 'The server is starting')
    const made = openPool(own, accountId, MAX_OPEN)
    pools.set(accountId, made)
    return made
  }

  async function exchange(
    caller: CallingFunction,
    { host, method, path, headers, body }: InternalRequest,
    signal: AbortSignal,
  ): Promise<InternalAnswer> {
    const forwarded = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name))
    const token = callerTokens.tokenOf(caller)
    if (token !== undefined) forwarded.push([CALLER_HEADER, token])
    const pool = await poolOf(caller.accountId)
    const answer = await pool.request({
      method,
      path,
      headers: { ...Object.fromEntries(forwarded), host },
      body: body ? Buffer.from(body, 'base64') : null,
      signal,
    })
    if (/^text\/event-stream/i.test(String(answer.headers['content-type']))) {
      answer.body.on('error', () => undefined).destroy()
      throw new ParleyError('forbidden', 'Functions cannot read event streams of the platform')
    }
    const bytes = await readBody(caller.accountId, answer.body)
    return {
      statusCode: answer.statusCode,
      headers: answer.headers,
      body: bytes.toString('base64'),
    }
  }

  /** A refusal ends the connection, whatever the server would still send. */
  async function readBody(
    accountId: string,
    body: Dispatcher.ResponseData['body'],
  ): Promise<Buffer> {
    using held = new DisposableStack()
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      const place = reading.take(accountId, chunk.length)
      if (!place || length > MAX_ANSWER_BYTES) {
        throw new ParleyError(
          'answer_too_large',
          `The answer has more than ${MAX_ANSWER_BYTES} bytes, or the account reads too many answers at once`,
        )
      }
      held.use(place)
    }
    return Buffer.concat(chunks)
  }

  return {
    async send(caller, request, signal) {
      if (!isOwnHost(request.host)) {
        throw new ParleyError('forbidden', `host: "${request.host}" is none of the platform's own`)
      }
      using place = open.take(caller.accountId)
      if (!place) throw new ParleyError('rate_limited', 'Too many requests at once')
      const late = new AbortController()
      using _timer = monotonic.after(MAX_MS, () => late.abort())
      try {
        return await exchange(caller, request, AbortSignal.any([signal, late.signal]))
      } catch (error) {
        if (!late.signal.aborted) throw error
        throw new ParleyError('request_timeout', `No whole answer within ${MAX_MS} ms`)
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Array.from(pools.values(), (pool) => pool.destroy()))
    },
  }
}
