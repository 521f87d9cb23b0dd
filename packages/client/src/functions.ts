import { newId } from './socket.ts'

/** What a Parley server answers a call with that it refuses, or a function that fails. */
export class FunctionCallError extends Error {
  override name = 'FunctionCallError'
  /** HTTP status, 400 to 901 (901: the function has failed); `undefined` when no answer came. */
  readonly status: number | undefined
  /** The published code, such as `com.liveperson.faas.es.missinglambda`; `undefined` for another answer. */
  readonly code: string | undefined
  /** Requests that were sent. */
  readonly attempts: number

  constructor(
    message: string,
    {
      status,
      code,
      attempts,
      cause,
    }: {
      status?: number | undefined
      code?: string | undefined
      attempts: number
      cause?: unknown
    },
  ) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.attempts = attempts
  }
}

/** Gives an access token for each call: another one than that which the server has refused. */
export type TokenSource = (refused: string | undefined, signal: AbortSignal) => Promise<string>

/** An application of an account, as `POST …/clients` has answered it. */
export interface ApplicationSecret {
  /** Scheme, host and port, without a path: `https://parley.example.com`. */
  url: string
  accountId: string
  clientId: string
  clientSecret: string
}

export interface FunctionsOptions {
  /** Scheme, host and port, without a path. */
  url: string
  accountId: string
  token: TokenSource
  /** For one call with its retries, in ms; 35,000 unless given, as the published client has it. */
  timeoutMs?: number
  /** Further requests after one that was answered 408, 429, 500, 502, 503, 504, or not at all; 3 unless given. */
  retries?: number
  /** Said to the server as the caller's name; `parley-client` unless given. */
  externalSystem?: string
}

export interface InvokeOptions {
  headers?: readonly { key: string; value: string }[]
  skillId?: string
  /** Ends the call; it then rejects with the reason of the signal. */
  signal?: AbortSignal
}

export interface Functions {
  /**
   * Invokes a deployed function by its id. Resolves with what it answers, which is not checked: `Result` is the caller's word.
   * A retried call may run the function twice: retries carry the same `X-Request-ID`.
   * @throws {FunctionCallError} when it is refused, fails, or no answer came in time
   */
  invoke<Result = unknown>(
    functionId: string,
    payload: unknown,
    options?: InvokeOptions,
  ): Promise<Result>
}

interface Failure {
  readonly message: string
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly cause?: unknown
}

const TIMEOUT_MS = 35_000
const RETRIES = 3
/** The published client waits one, two and three times as long. */
const STEP_MS = 350
const MAX_WAIT_MS = 10_000
const WORTH_ANOTHER = new Set([408, 429, 500, 502, 503, 504])
/** A token is renewed so long before it expires. */
const EARLY_MS = 30_000

/** Invokes functions of an account over HTTP, with nothing but `fetch`: for Node, Deno and browsers. */
export function openFunctions(options: FunctionsOptions): Functions {
  const { url, accountId, token, timeoutMs = TIMEOUT_MS, retries = RETRIES } = options
  const { externalSystem = 'parley-client' } = options

  return {
    async invoke<Result>(functionId: string, payload: unknown, more: InvokeOptions = {}) {
      const limit = AbortSignal.timeout(timeoutMs)
      const signal = more.signal ? AbortSignal.any([more.signal, limit]) : limit
      const query = new URLSearchParams({ v: '1', externalSystem, skillId: more.skillId ?? '' })
      const path = `/api/account/${encodeURIComponent(accountId)}/lambdas/${encodeURIComponent(functionId)}/invoke?${query}`
      const requestId = newId()
      const body = JSON.stringify({ timestamp: Date.now(), headers: more.headers ?? [], payload })
      let failure: Failure | undefined
      let attempts = 0
      let refused: string | undefined
      let mayRenew = true
      while (attempts <= retries) {
        let waitMs = STEP_MS * (attempts + 1)
        attempts += 1
        try {
          const bearer = await token(refused, signal)
          refused = undefined
          const response = await fetch(new URL(path, url), {
            method: 'POST',
            signal,
            body,
            headers: {
              'content-type': 'application/json',
              accept: 'application/json',
              authorization: `Bearer ${bearer}`,
              'x-request-id': requestId,
            },
          })
          const answer = parse(await response.text())
          if (response.ok) return answer as Result
          failure = { status: response.status, ...describe(answer, response.status) }
          if (response.status === 401 && mayRenew) {
            // The token has ended before its time.
            refused = bearer
            mayRenew = false
            attempts -= 1
            continue
          }
          if (!WORTH_ANOTHER.has(response.status)) break
          waitMs = Math.min(MAX_WAIT_MS, waitAsked(response) ?? waitMs)
        } catch (cause) {
          if (more.signal?.aborted) throw more.signal.reason
          if (limit.aborted) {
            failure = { message: `No answer within ${timeoutMs} ms`, cause }
            break
          }
          if (cause instanceof FunctionCallError) {
            if (!WORTH_ANOTHER.has(cause.status ?? 0)) throw cause
            failure = cause
          } else failure = { message: 'The server could not be reached', cause }
        }
        if (attempts <= retries) await wait(waitMs, signal)
      }
      throw new FunctionCallError(failure?.message ?? 'Not called', { ...failure, attempts })
    },
  }
}

/** Tokens of the application itself, by its secret (OAuth2 client credentials), kept until shortly before they expire. */
export function clientCredentials({
  url,
  accountId,
  clientId,
  clientSecret,
}: ApplicationSecret): TokenSource {
  const path = `/sentinel/api/v2/account/${encodeURIComponent(accountId)}/app/token`
  return keepToken(async (signal) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }
    return await askForToken(new URL(path, url), form, signal)
  })
}

/**
 * Tokens of a user who has let the application work for it (OAuth2 authorization code), renewed by the refresh token.
 * @param onRefresh is told each new refresh token, before it is needed: keep it, since the one before is good no longer
 */
export function refreshedTokens(
  { url, accountId, clientId, clientSecret }: ApplicationSecret,
  {
    refreshToken,
    onRefresh,
  }: { refreshToken: string; onRefresh?: (refreshToken: string) => unknown },
): TokenSource {
  const path = `/sentinel/api/account/${encodeURIComponent(accountId)}/token?v=1.0`
  let newest = refreshToken
  return keepToken(async (signal) => {
    const secret = { client_id: clientId, client_secret: clientSecret }
    const form = { grant_type: 'refresh_token', refresh_token: newest, ...secret }
    const answer = await askForToken(new URL(path, url), form, signal)
    if (answer.refreshToken !== undefined) {
      newest = answer.refreshToken
      await onRefresh?.(newest)
    }
    return answer
  })
}

interface GivenToken {
  accessToken: string
  expiresInS: number
  refreshToken: string | undefined
}

/** One request for all who ask at once. It goes on when the first of them leaves: a refresh token is good for one request. */
function keepToken(ask: (signal: AbortSignal) => Promise<GivenToken>): TokenSource {
  let held: { accessToken: string; until: number } | undefined
  let asking: Promise<string> | undefined
  return async (refused, signal) => {
    if (held && held.accessToken !== refused && held.until > Date.now()) return held.accessToken
    signal.throwIfAborted()
    asking ??= ask(AbortSignal.timeout(TIMEOUT_MS))
      .then(({ accessToken, expiresInS }) => {
        held = { accessToken, until: Date.now() + expiresInS * 1000 - EARLY_MS }
        return accessToken
      })
      .finally(() => (asking = undefined))
    return await unlessAborted(asking, signal)
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = () => reject(signal.reason)
  signal.addEventListener('abort', leave)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

async function askForToken(
  address: URL,
  form: Record<string, string>,
  signal: AbortSignal,
): Promise<GivenToken> {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(form), signal })
  const answer = parse(await response.text())
  const { access_token, expires_in, refresh_token } = membersOf(answer)
  if (!response.ok || typeof access_token !== 'string') {
    const { error, error_description } = membersOf(answer)
    const words = `No token: ${textOf(error_description) ?? textOf(error) ?? response.status}`
    throw new FunctionCallError(words, {
      status: response.status,
      ...(typeof error === 'string' && { code: error }),
      attempts: 1,
    })
  }
  return {
    accessToken: access_token,
    expiresInS: typeof expires_in === 'number' ? expires_in : 0,
    refreshToken: typeof refresh_token === 'string' ? refresh_token : undefined,
  }
}

function describe(answer: unknown, status: number): { code?: string; message: string } {
  const { errorCode, errorMsg, code, message } = membersOf(answer)
  const known = errorCode ?? code
  const words = errorMsg ?? message
  return {
    ...(typeof known === 'string' && { code: known }),
    message: typeof words === 'string' ? words : `The call was answered ${status}`,
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function membersOf(answer: unknown): Record<string, unknown> {
  return typeof answer === 'object' && answer !== null ? { ...answer } : {}
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** What `Retry-After` asks for, in ms. */
function waitAsked(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
}
