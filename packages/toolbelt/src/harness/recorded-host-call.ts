import { maskValue } from './masked-names.ts'
import type { RecordedHostCall } from './protocol.ts'
import { hashOf, keptBody, requestKey } from './recorded-body.ts'
import type { LiveTrace } from './trace.ts'

const { stringify } = JSON
const { from } = Buffer
const SECRET_READ = 'secret.read'
const SECRET_UPDATE = 'secret.update'
const REQUEST = 'internal.request'

/** Names the host call, and what of its arguments is kept: no values of secrets, no headers. */
export function statedHostCall(
  kind: string,
  args: unknown,
): Pick<RecordedHostCall, 'kind' | 'key' | 'args'> {
  const kept = keptArgs(kind, args)
  if (kind !== REQUEST) return { kind, key: hashOf(`${kind} ${stringify(kept) ?? ''}`), args: kept }
  const { host, method, path, body } = kept as Record<'host' | 'method' | 'path' | 'body', string>
  const sent = body === undefined ? undefined : keptBody(from(body, 'base64'))
  const url = `https://${host}${path}`
  return { kind, key: requestKey(method, url, sent), args: maskValue({ method, url, ...sent }) }
}

function keptArgs(kind: string, args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return args
  const { key, headers: _, ...rest } = args as Record<string, unknown>
  return kind === SECRET_READ || kind === SECRET_UPDATE ? { key } : maskValue({ ...rest, key })
}

/** Begins to record a host call; the given function records its answer and passes it on. */
export function noteHostCall(
  trace: LiveTrace,
  kind: string,
  args: unknown,
): ((answer: Promise<unknown>) => Promise<unknown>) | undefined {
  const number = trace.nextHostCall()
  if (number === undefined) return undefined
  const stated = { number, ...statedHostCall(kind, args) }
  return async (answer) => {
    try {
      const value = await answer
      trace.turn(`h${number}`)
      trace.addHostCall({ ...stated, ...keptAnswer(kind, value, trace.bodyBytes) })
      return value
    } catch (error) {
      trace.turn(`h${number}`)
      const { message, code } = error as { message: string; code?: string }
      trace.addHostCall({ ...stated, error: { message, ...(code !== undefined && { code }) } })
      throw error
    }
  }
}

function keptAnswer(kind: string, value: unknown, mostBytes: number): Partial<RecordedHostCall> {
  if (kind === SECRET_READ || kind === SECRET_UPDATE) return {}
  const large = kind === REQUEST ? (value as { body: string }).body.length : 0
  // Before it is written as JSON: beside the answer itself, a function near its memory limit has no room for it once more.
  if (large > mostBytes) return { bytes: large }
  const text = stringify(value) as string | undefined
  if (text === undefined) return {}
  if (text.length > mostBytes) return { bytes: text.length }
  return { value: kind === REQUEST ? maskedAnswer(value) : maskValue(value) }
}

/** The answer of a request to the platform: its body is base64. */
function maskedAnswer(value: unknown): unknown {
  const { statusCode, headers, body } = value as Record<string, unknown>
  const { text, base64 } = keptBody(from(String(body), 'base64'))
  const kept = text === undefined ? base64 : from(text).toString('base64')
  return { statusCode, headers: maskValue(headers), body: kept }
}
