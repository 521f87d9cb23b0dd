import inject from 'light-my-request'
import type { Asking } from './asking.ts'
import type { AuthorizationDeps } from './deps.ts'

/** A request to an account's OAuth2 server, by its own names of paths and parameters. */
export interface ProviderCall {
  method: 'GET' | 'POST'
  /** Below the issuer, such as `/token`. */
  path: string
  query?: Record<string, string>
  form?: Record<string, string>
  cookie?: string | undefined
  authorization?: string | undefined
}

export interface ProviderAnswer {
  status: number
  /** Where it sends the browser. */
  location: string | undefined
  cookies: string[]
  authenticate: string | undefined
  body: string
}

/** Asks the OAuth2 server of an account that exists. */
export async function ask(
  { providers }: AuthorizationDeps,
  asking: Asking,
  { method, path, query = {}, form, cookie, authorization }: ProviderCall,
): Promise<ProviderAnswer> {
  const { provider, issuer } = await providers.get(asking)
  const { protocol, host, pathname } = new URL(issuer)
  const search = new URLSearchParams(query).toString()
  const url = search === '' ? path : `${path}?${search}`
  const handle = provider.callback()
  const { statusCode, headers, payload } = await inject(
    (request, response) => {
      Object.assign(request, { originalUrl: `${pathname}${url}` })
      Object.assign(request.socket, { encrypted: protocol === 'https:' })
      void handle(request, response)
    },
    {
      method,
      url,
      headers: {
        host,
        accept: 'application/json',
        ...(cookie !== undefined && { cookie }),
        ...(authorization !== undefined && { authorization }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    },
  )
  return {
    status: statusCode,
    location: headers.location,
    cookies: [headers['set-cookie'] ?? []].flat(),
    authenticate: textOf(headers['www-authenticate']),
    body: payload,
  }
}

function textOf(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined
}
