import type { Failure } from './failure.ts'

/** How the published APIs under some paths spell an error. */
export interface ErrorDialect {
  /** `query` is what follows the question mark, undecoded. */
  matches(request: { method: string; path: string; query: string }): boolean
  format(failure: Failure): { status?: number; body: object }
}

/** The native shape, for every path that no dialect claims. */
const NATIVE: ErrorDialect = {
  matches: () => true,
  format: ({ code, message, details }) => ({
    body: { error: { code, message, ...(details.length > 0 && { details }) } },
  }),
}

export interface FormattedFailure {
  status: number
  headers: Record<string, string>
  body: object
}

export function formatFailure(
  dialects: readonly ErrorDialect[],
  request: { method: string; url: string },
  failure: Failure,
): FormattedFailure {
  const { path, query } = splitUrl(request.url)
  const place = { method: request.method, path, query }
  const dialect = dialects.find(({ matches }) => matches(place)) ?? NATIVE
  const { status = failure.status, body } = dialect.format(failure)
  return { status, body, headers: failureHeaders(failure) }
}

function failureHeaders({ code, retryAfterMs }: Failure): Record<string, string> {
  return {
    ...(code === 'unauthorized' && { 'www-authenticate': 'Bearer' }),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  }
}

export function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, query: '' }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}
