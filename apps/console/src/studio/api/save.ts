import { RequestError } from '@parley/client'
import type { RouteSpec } from '@parley/contract'
import { session } from '../session/session.ts'
import { serverError } from './server.ts'

/**
 * Saves what an export of the server answers as a file of the browser.
 * @throws {ServerError} when it is refused, or the server cannot be reached
 */
export async function save(
  accountId: string,
  { path }: RouteSpec,
  query: Record<string, string | undefined>,
  name: string,
): Promise<void> {
  const url = new URL(path.replace(':accountId', encodeURIComponent(accountId)), location.origin)
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, value)
  }
  const bearer = session.bearerOf(accountId)
  try {
    const response = await fetch(url, {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    })
    if (response.status === 401 && bearer !== undefined) session.end(accountId, bearer)
    if (!response.ok) {
      const body: unknown = await response.json().catch(() => undefined)
      const requestId = response.headers.get('x-request-id') ?? undefined
      throw new RequestError(`GET ${url.pathname}`, response.status, body, requestId)
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await response.blob())
    link.download = name
    link.click()
    URL.revokeObjectURL(link.href)
  } catch (error) {
    throw serverError(error)
  }
}
