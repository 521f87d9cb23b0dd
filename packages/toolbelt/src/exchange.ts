import http from 'node:http'
import https from 'node:https'
import type { ToolbeltHost } from './host.ts'
import { codeOf } from './errors.ts'
import { within } from './within.ts'

export interface OutgoingRequest {
  url: URL
  method: string
  headers: Record<string, string>
  body?: Buffer | undefined
  timeoutMs?: number | undefined
  tls?: https.RequestOptions
}

export interface Answer {
  statusCode: number
  statusMessage: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** A request with a larger body goes through the proxy like any other: calls of the platform are bounded. */
const MAX_DIRECT_BYTES = 524_288
/** Hosts of this platform. Requests to them travel as calls of the platform, without a socket. */
const OWN_HOSTS =
  /^(parley\.internal|api\.liveperson\.net|[\w-]+\.(context|agentvep|msg|sentinel)\.liveperson\.net)$/
/** What a function invokes belongs to the conversation that the function itself runs for. */
const INVOKE = /\/invoke$/
const CALLER_HEADER = 'x-parley-caller'
const NOT_ALLOWED = 'You do not have access to the page or resource you are trying to reach\n'
/** The longest that a timer can be. */
const MAX_TIMER_MS = 2 ** 31 - 1
const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' }

/** Sends one request and reads the whole answer, whatever its status. Does not follow redirects. */
export function exchange(host: ToolbeltHost, request: OutgoingRequest): Promise<Answer> {
  const { body, url } = request
  const timeoutMs = timeLimit(request.timeoutMs)
  const isOwn = url.protocol === 'https:' && url.port === '' && OWN_HOSTS.test(url.hostname)
  if (isOwn && (body?.length ?? 0) > MAX_DIRECT_BYTES && INVOKE.test(url.pathname)) {
    return sendNamed(host, { ...request, timeoutMs })
  }
  if (!isOwn || (body?.length ?? 0) > MAX_DIRECT_BYTES) return send({ ...request, timeoutMs })
  const answer = askPlatform(host, request).catch((error: unknown) => {
    if (codeOf(error) === 'rate_limited') return refusal(429)
    throw error
  })
  return timeoutMs === undefined ? answer : within(answer, timeoutMs, timedOut)
}

/** Milliseconds. The published client takes what is no number above 0 for no limit. */
export function timeLimit(given: unknown): number | undefined {
  if (typeof given !== 'number' || !Number.isFinite(given) || given <= 0) return undefined
  return Math.min(given, MAX_TIMER_MS)
}

async function askPlatform(host: ToolbeltHost, request: OutgoingRequest): Promise<Answer> {
  const { body, headers, method, url } = request
  const answer = (await host.call('internal.request', {
    host: url.hostname,
    method,
    path: `${url.pathname}${url.search}`,
    headers,
    ...(body === undefined ? {} : { body: body.toString('base64') }),
  })) as { statusCode: number; headers: Answer['headers']; body: string }
  const { statusCode } = answer
  return {
    statusCode,
    statusMessage: http.STATUS_CODES[statusCode] ?? '',
    headers: answer.headers,
    body: Buffer.from(answer.body, 'base64'),
  }
}

/** The platform knows for whom a host call is made; a request through the proxy says it. */
async function sendNamed(host: ToolbeltHost, request: OutgoingRequest): Promise<Answer> {
  const token = await host.call('caller.token', {})
  if (typeof token !== 'string') return send(request)
  return send({ ...request, headers: { ...request.headers, [CALLER_HEADER]: token } })
}

function send({ body, headers, method, timeoutMs, tls, url }: OutgoingRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http
    const request = client.request({
      ...tls,
      // One connection per request, as the documented client did: the platform counts connections.
      agent: false,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || DEFAULT_PORTS[url.protocol],
      path: `${url.pathname}${url.search}`,
      method,
      headers: body ? { ...headers, 'content-length': String(body.length) } : headers,
    })
    let timer: NodeJS.Timeout | undefined
    const fail = (error: unknown) => {
      clearTimeout(timer)
      const refusal = refusedAnswer(error)
      if (refusal) resolve(refusal)
      else reject(error instanceof Error ? error : new Error(String(error)))
    }
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => {
        fail(timedOut())
        request.destroy()
      }, timeoutMs)
    }
    request.on('error', fail)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', fail)
      response.on('aborted', () =>
        fail(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })),
      )
      response.on('end', () => {
        clearTimeout(timer)
        resolve({
          statusCode: response.statusCode ?? 0,
          statusMessage: response.statusMessage ?? '',
          headers: response.headers,
          body: Buffer.concat(chunks),
        })
      })
    })
    request.end(body)
  })
}

function timedOut(): Error {
  return Object.assign(new Error('ESOCKETTIMEDOUT'), { code: 'ESOCKETTIMEDOUT', connect: false })
}

/** Turns a refused tunnel into the answer that a plain proxy would give. */
function refusedAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || error.name !== 'EgressError') return undefined
  const statusCode = Number(Reflect.get(error, 'statusCode'))
  return statusCode === 403 || statusCode === 429 ? refusal(statusCode) : undefined
}

function refusal(statusCode: 403 | 429): Answer {
  const text = statusCode === 403 ? NOT_ALLOWED : '429 - Too Many Requests'
  return {
    statusCode,
    statusMessage: http.STATUS_CODES[statusCode] ?? '',
    headers: { 'content-type': 'text/plain' },
    body: Buffer.from(text),
  }
}
