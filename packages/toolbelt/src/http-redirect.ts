import type { Answer, OutgoingRequest } from './exchange.ts'
import { type HttpOptions, requireHttp } from './http-options.ts'

const FOLLOWED = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Headers that are dropped on the way to another host, or with the body. */
const OF_HOST = ['authorization', 'cookie', 'host']
const OF_BODY = ['content-type', 'content-length', 'transfer-encoding']

export function isRedirect(
  { headers, statusCode }: Answer,
  { method }: OutgoingRequest,
  { followAllRedirects = false, followRedirect = true }: HttpOptions,
): boolean {
  if (statusCode < 300 || statusCode >= 400 || !headers['location']) return false
  if (followAllRedirects) return true
  if (!FOLLOWED.has(method)) return false
  return typeof followRedirect === 'function'
    ? followRedirect({ headers, statusCode })
    : followRedirect
}

/** The request that follows a redirect. The proxy checks its target like any other. */
export function redirected(
  { headers, statusCode }: Answer,
  request: OutgoingRequest,
  options: HttpOptions,
): OutgoingRequest {
  const url = new URL(String(headers['location']), request.url)
  requireHttp(url)
  const keepsMethod =
    options.followOriginalHttpMethod === true ||
    statusCode === 307 ||
    statusCode === 308 ||
    FOLLOWED.has(request.method)
  const kept = { ...request.headers }
  if (url.host !== request.url.host) for (const name of OF_HOST) delete kept[name]
  if (keepsMethod) return { ...request, url, headers: kept }
  for (const name of OF_BODY) delete kept[name]
  return { ...request, url, method: 'GET', headers: kept, body: undefined }
}
