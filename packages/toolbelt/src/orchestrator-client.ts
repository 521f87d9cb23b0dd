import type { Csds } from './csds.ts'
import { ErrorStrategy } from './enums.ts'
import { codeOf, messageOf } from './errors.ts'
import { timeLimit } from './exchange.ts'
import { given } from './given.ts'
import { brandId, type ToolbeltHost } from './host.ts'
import type { HttpClient, HttpResponse } from './http-client.ts'
import { signedHeader } from './oauth1.ts'
import { pathSegment } from './path-segment.ts'
import type { SecretClient } from './secret-client.ts'

const APP_KEY = 'lp-faas-orchestrator-app-key'
const MAX_DEADLINE_MS = 25_000
const RETRIED = new Set([429, 500, 502, 504])
const RETRIED_CODES = new Set(['ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'])
const FIRST_PAUSE_MS = 200
/** Of what is no text. */
const MAX_SHOWN_CHARACTERS = 1_000

/** By their names; or a list, as a function gets its own. */
type InvocationHeaders =
  | Record<string, string | number | undefined>
  | { key: string; value: string | number | undefined }[]

export interface Invocation {
  uuid: string
  payload?: unknown
  headers?: InvocationHeaders
  retries?: number
  retryFunction?: (statusCode: number | undefined, error: unknown) => boolean
}

export interface OrchestratorOptions {
  /** For each invocation, in ms. */
  timeout?: number
  invokeParallel?: boolean
  errorStrategy?: string
}

export interface OrchestratorResponse {
  uuid: string
  statusCode?: number
  headers?: unknown
  body?: unknown
  error?: { code: string; message: string }
}

/** The gateway's failures, in either dialect. */
interface FailureBody {
  errorCode?: string
  /** What the function failed with, of any type. */
  errorMsg?: unknown
  code?: string
  message?: unknown
}

interface Deps {
  host: ToolbeltHost
  csds: Csds
  http: HttpClient
  secrets: SecretClient
}

/**
 * The published client that invokes other functions (`ToolbeltDocumentation/orchestrator-client.md`). At most 25,000 ms for
 * all invocations together.
 */
export function createOrchestratorClient(deps: Deps) {
  return {
    async invoke(
      invocations: Invocation[],
      deadline: number,
      wanted?: OrchestratorOptions | null,
    ): Promise<OrchestratorResponse[]> {
      const options = wanted ?? {}
      if (!Array.isArray(invocations) || invocations.length === 0) {
        throw new Error('Please provide one or more invocations')
      }
      // Variables of the environment are text.
      const deadlineMs = Number(deadline)
      if (!(deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS)) {
        throw new Error(`The deadline must be between 1 and ${MAX_DEADLINE_MS} ms`)
      }
      const timeout = options.timeout ?? Math.floor(deadlineMs / invocations.length)
      const time: Time = { timeout, endsAt: performance.now() + deadlineMs }
      const run: Run = (invocation) => invokeOne(deps, invocation ?? {}, time)
      const exits = options.errorStrategy === ErrorStrategy.EXIT_ON_ERROR
      try {
        return await (options.invokeParallel ? inParallel : inOrder)(invocations, run, exits)
      } finally {
        // Ends the repetitions of invocations that still run after a failure.
        time.endsAt = 0
      }
    },
  }
}

/** In ms; `endsAt` as the monotonic clock counts. */
interface Time {
  timeout: number
  endsAt: number
}

type Run = (invocation: Partial<Invocation> | null) => Promise<OrchestratorResponse>

async function inOrder(invocations: Invocation[], run: Run, exits: boolean) {
  const responses: OrchestratorResponse[] = []
  for (const invocation of invocations) responses.push(checked(await run(invocation), exits))
  return responses
}

function inParallel(invocations: Invocation[], run: Run, exits: boolean) {
  return Promise.all(invocations.map(async (invocation) => checked(await run(invocation), exits)))
}

function checked(response: OrchestratorResponse, exits: boolean): OrchestratorResponse {
  if (!response.error || !exits) return response
  const { code, message } = response.error
  throw Object.assign(new Error(`Invocation of ${response.uuid} failed: ${message}`), {
    code,
    response,
  })
}

async function invokeOne(
  deps: Deps,
  invocation: Partial<Invocation>,
  time: Time,
): Promise<OrchestratorResponse> {
  const { retries = 3, retryFunction = isWorthRetrying, uuid = '' } = invocation
  for (let tries = 0; ; tries += 1) {
    const leftMs = Math.floor(time.endsAt - performance.now())
    if (leftMs <= 0) return failed(uuid, 'ETIMEDOUT', 'The deadline has passed')
    try {
      const limitMs = Math.min(timeLimit(time.timeout) ?? leftMs, leftMs)
      const response = await send(deps, invocation, limitMs)
      if (response.statusCode < 300) {
        return {
          uuid,
          statusCode: response.statusCode,
          headers: response.headers,
          body: response.body,
        }
      }
      const { statusCode: status } = response
      if (status === 901 || tries >= retries || !retryFunction(status, response.body)) {
        return failedWith(uuid, response)
      }
    } catch (error) {
      const root = rootOf(error)
      if (tries >= retries || !retryFunction(undefined, root)) {
        return failed(uuid, codeOf(root) ?? 'ERROR', messageOf(root))
      }
    }
    const pause = Math.min(
      FIRST_PAUSE_MS * 2 ** tries,
      Math.max(0, time.endsAt - performance.now()),
    )
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

async function send(
  deps: Deps,
  { headers = {}, payload = {}, uuid }: Partial<Invocation>,
  timeout: number,
): Promise<HttpResponse> {
  const id = given('uuid', uuid)
  const domain = await deps.csds.hostOf('faasGW')
  const path = `/api/account/${brandId()}/lambdas/${pathSegment('uuid', id)}/invoke`
  const url = `https://${domain}${path}?v=1&externalSystem=orchestrator`
  const authorization = await signedHeader(deps, APP_KEY, { url, method: 'POST' })
  return (await deps.http({
    uri: url,
    method: 'POST',
    json: true,
    body: { timestamp: Date.now(), headers: listOf(headers), payload },
    headers: { Authorization: authorization },
    timeout,
    simple: false,
    resolveWithFullResponse: true,
  })) as HttpResponse
}

function listOf(headers: InvocationHeaders): { key: string; value: string }[] {
  const list = Array.isArray(headers)
    ? headers
    : Object.entries(headers).map(([key, value]) => ({ key, value }))
  return list.flatMap(({ key, value }) =>
    value === undefined ? [] : { key, value: String(value) },
  )
}

function failed(uuid: string, code: string, message: string): OrchestratorResponse {
  return { uuid, error: { code, message } }
}

function failedWith(uuid: string, response: HttpResponse): OrchestratorResponse {
  const { body, headers, statusCode } = response
  const read = (typeof body === 'object' && body !== null ? body : {}) as FailureBody
  const code = read.errorCode ?? read.code ?? String(statusCode)
  const message = read.errorMsg ?? read.message ?? `Status ${statusCode}`
  return { uuid, statusCode, headers, body, error: { code, message: shown(message) } }
}

function shown(message: unknown): string {
  if (typeof message === 'string') return message
  const own = Object(message) as { message?: unknown }
  if (typeof own.message === 'string') return own.message
  const text = JSON.stringify(message)
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text
}

function isWorthRetrying(status: number | undefined, error: unknown): boolean {
  if (status !== undefined) return RETRIED.has(status)
  return RETRIED_CODES.has(codeOf(error) ?? '')
}

/** The cause that the HTTP client wraps. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}
