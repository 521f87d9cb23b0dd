import type { Csds } from './csds.ts'
import { given } from './given.ts'
import type { ToolbeltHost } from './host.ts'
import type { HttpClient } from './http-client.ts'
import { type HttpOptions, targetOf } from './http-options.ts'
import { signedHeader } from './oauth1.ts'
import type { SecretClient } from './secret-client.ts'

const DEFAULT_KEY = 'lp-faas-default-app-key'

interface LpOptions extends HttpOptions {
  appKeySecretName?: string
}

export type LpClient = (
  service: string,
  path: string,
  options?: LpOptions | null,
) => Promise<unknown>

/** The published client for services of the platform (`ToolbeltDocumentation/lp-client.md`). Signs with an app key of the account. */
export function createLpClient(deps: {
  host: ToolbeltHost
  csds: Csds
  http: HttpClient
  secrets: SecretClient
}): LpClient {
  return async function lpClient(service, path, options) {
    const { appKeySecretName = DEFAULT_KEY, ...own } = options ?? {}
    const domain = await deps.csds.hostOf(service)
    const method = (own.method ?? 'GET').toUpperCase()
    const uri = given('path', path)
    const request: HttpOptions = { ...own, method, baseUrl: `https://${domain}`, uri }
    // The signature covers the whole URL with its query.
    const url = targetOf(request).href
    const authorization = await signedHeader(deps, appKeySecretName, { url, method })
    const { baseUrl: _base, qs: _qs, ...rest } = request
    const headers = { ...own.headers, Authorization: authorization }
    return deps.http({ ...rest, uri: url, headers })
  }
}
