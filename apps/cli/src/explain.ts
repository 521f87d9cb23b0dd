import { RequestError } from '@parley/client'

/** A person reads this: what is wrong, and what to do about it. */
export function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown instanceof RequestError) return explainAnswer(thrown)
  const cause = firstCauseOf(thrown)
  if (!(thrown instanceof TypeError) || !cause) return thrown.message
  const { code, address, port, message } = cause
  if (code !== 'ECONNREFUSED') return `Cannot reach the server: ${message}`
  return `Nobody answers at ${address}:${port}: start Parley first (npm start), or name its address with --url`
}

function explainAnswer(answer: RequestError): string {
  const { status, requestId } = answer
  const reason = reasonOf(answer)
  if (status === 401) return `${reason}: log in with parley login`
  if (status < 500 || requestId === undefined) return reason
  return `${reason} (${status}; the server's log says more of request ${requestId})`
}

/** The sentence of the server without the envelope: of Parley's own API, or of the published one. */
export function reasonOf({ body, message }: RequestError): string {
  const { error } = (body ?? {}) as { error?: { message?: unknown } | string }
  const text = typeof error === 'object' ? error.message : error
  return typeof text === 'string' ? text : message
}

/** What `fetch` failed with; of several addresses of one name, at the first. */
function firstCauseOf({ cause }: Error): Refusal | undefined {
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error ? first : undefined
}

interface Refusal extends NodeJS.ErrnoException {
  address?: string
  port?: number
}
