import { call, type CallInput, RequestError } from '@parley/client'
import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'
import { connection } from './connection.ts'
import { session } from '../session/session.ts'
import { refusalsLoaded } from '../words/refused.ts'

/** What is read comes within seconds. Who waits for longer is told; a change may take as long as it does, since its outcome counts. */
const MAX_READ_MS = 60_000
const LATE = new Error('No answer came within a minute')
const MAX_FLAWS = 5

type Answer<Spec extends RouteSpec> = Spec['reply'] extends z.ZodType
  ? z.output<Spec['reply']>
  : undefined

/** What the server said of a request that it refused, or that it could not be asked. */
export class ServerError extends Error {
  override name = 'ServerError'
  /** 0 when the server could not be reached. */
  readonly status: number
  readonly code: string
  readonly details: readonly { path: string; message: string }[]
  readonly requestId: string | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    details: ServerError['details'] = [],
    requestId?: string,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.requestId = requestId
  }
}

/**
 * Asks the server by an operation of the public API, as who is signed in.
 * @throws {ServerError} for everything but a success; after one with the status 401 the session counts as ended
 */
export async function ask<Spec extends RouteSpec>(
  accountId: string,
  spec: Spec,
  input: CallInput<Spec> = {},
): Promise<Answer<Spec>> {
  const bearer = session.bearerOf(accountId)
  // Nobody is signed in: a page that stays open would be refused every few seconds, for days.
  if (bearer === undefined && spec.auth !== 'public') {
    throw new ServerError(401, 'unauthorized', 'Nobody is signed in')
  }
  const late = new AbortController()
  const timer = spec.method === 'GET' ? setTimeout(() => late.abort(LATE), MAX_READ_MS) : undefined
  try {
    const endpoint = { url: location.origin, accountId, ...(bearer !== undefined && { bearer }) }
    const answer = (await call(endpoint, spec, {
      ...input,
      signal: late.signal,
    })) as Answer<Spec>
    connection.report(false)
    return answer
  } catch (error) {
    const failed = serverError(error)
    connection.report(failed.code === 'unreachable')
    if (failed.status > 0) await refusalsLoaded
    if (failed.status === 401 && bearer !== undefined) session.end(accountId, bearer)
    throw failed
  } finally {
    clearTimeout(timer)
  }
}

/** Whatever was thrown by a request, as one kind of error. */
export function serverError(error: unknown): ServerError {
  if (error instanceof ServerError) return error
  if (error instanceof RequestError) return refused(error)
  if (error instanceof z.ZodError) return new ServerError(0, 'unfit', error.message, flawsOf(error))
  if (error === LATE) return new ServerError(0, 'late', LATE.message)
  // `fetch` throws this when there is no answer.
  if (error instanceof TypeError) return new ServerError(0, 'unreachable', error.message)
  return new ServerError(0, 'unexpected', error instanceof Error ? error.message : String(error))
}

function flawsOf({ issues }: z.ZodError): ServerError['details'] {
  return issues.slice(0, MAX_FLAWS).map(({ path, message }) => ({ path: path.join('.'), message }))
}

function refused({ status, body, message, requestId }: RequestError): ServerError {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: { code?: string; message?: string; details?: ServerError['details'] }
  }
  return new ServerError(
    status,
    error?.code ?? 'unknown',
    error?.message ?? message,
    error?.details,
    requestId,
  )
}
