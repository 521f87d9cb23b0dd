import { DELEGATED_SCOPES } from '@parley/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { type Asking, isForPeople, type ProviderAnswer, sendProblem } from '#identity/authorization'
import { type Http, route } from '#base/http'
import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import { requireActive, requireKnown } from '#base/store'
import { openAuthorizationLimit } from './authorization-limit.ts'
import { basicCredentials } from './basic-credentials.ts'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import * as specs from './specs.ts'

const Problem = z.object({ error: z.string(), error_description: z.string().optional() })
const Tokens = z.object({
  access_token: z.string(),
  token_type: z.string(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  expires_in: z.number(),
})

/** Where the application or its address is unknown (`spec/wire-api.md` 4.6). */
const UNKNOWN = new Set(['invalid_client', 'invalid_redirect_uri'])

/** The published paths of the OAuth2 server for users: translates queries, statuses and members, and decides nothing. */
export function authorizationRoutes(http: Http, deps: Deps): void {
  const { store, accounts, credentials, authorization } = deps
  const countRequest = openAuthorizationLimit(deps, http)

  async function askingOf(accountId: string, request: FastifyRequest): Promise<Asking> {
    const address = authorization.addressOf(request)
    if (address === undefined)
      throw new ParleyError('invalid_request', 'The Host header is not a host')
    try {
      await accounts.getAccount(accountId)
      requireKnown(store, accountId)
    } catch (cause) {
      if (!(cause instanceof ParleyError) || cause.code !== 'not_found') throw cause
      throw new ParleyError('unauthorized', cause.message, { cause })
    }
    return { accountId, address }
  }

  /** A browser: sent on, or told why not. */
  function sendBrowser(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, location, cookies, body }: ProviderAnswer,
  ): FastifyReply {
    for (const cookie of cookies) reply.header('set-cookie', cookie)
    if (location !== undefined) return reply.code(302).header('location', location).send()
    const { error, error_description } = Problem.parse(parseJson(body, 'answer'))
    const words = error_description ?? error
    const code = UNKNOWN.has(error) ? 401 : status
    if (isForPeople(request)) return sendProblem(reply, code, words)
    return reply
      .code(code)
      .type(JSON_TYPE)
      .send(JSON.stringify({ error, error_description: words }))
  }

  authorization.routesForPeople(http, (app) => {
    route(app, specs.authorize, async ({ params, query, request, reply }) => {
      countRequest(request)
      const asking = await askingOf(params.accountId, request)
      const client = await credentials.clients.find(params.accountId, query.client_id ?? '')
      const scopes = client ? authorization.delegatedScopes(client) : []
      const scope = query.scope ?? ['openid', ...scopes].join(' ')
      const answer = await authorization.ask(asking, {
        method: 'GET',
        path: '/authorize',
        query: present({ ...query, scope }),
        cookie: request.headers.cookie,
      })
      return sendBrowser(request, reply, answer)
    })
    route(app, specs.resumeAuthorization, async ({ params, request, reply }) => {
      countRequest(request)
      const answer = await authorization.ask(await askingOf(params.accountId, request), {
        method: 'GET',
        path: `/authorize/${params.uid}`,
        cookie: request.headers.cookie,
      })
      return sendBrowser(request, reply, answer)
    })
  })

  route(http.app, specs.issueUserToken, async ({ params, body, request, reply }) => {
    const { accountId } = params
    const { authorization: header } = request.headers
    using attempt = await accounts.openAttempt({
      accountId,
      name: body.client_id ?? header?.slice(0, 100) ?? '',
      address: http.clientAddress(request.raw),
      isRandom: true,
    })
    attempt.check()
    if (store.suspensions.has(accountId)) {
      const { client_id = '', client_secret = '' } = { ...basicCredentials(header), ...body }
      const isKnown = await credentials.isKnownSecret(accountId, client_id, client_secret)
      if (isKnown) requireActive(store, accountId)
      attempt.failed()
    }
    const asking = await askingOf(accountId, request)
    const answer = await authorization.ask(asking, {
      method: 'POST',
      path: '/token',
      form: present(body),
      authorization: header,
    })
    const given: unknown = parseJson(answer.body, 'answer')
    if (answer.status === 200) return Tokens.parse(given)
    const { error, error_description } = Problem.parse(given)
    if (error === 'invalid_client') attempt.failed()
    if (answer.authenticate !== undefined) reply.header('www-authenticate', answer.authenticate)
    return reply
      .code(answer.status)
      .type(JSON_TYPE)
      .send(JSON.stringify({ error, error_description: error_description ?? error }))
  })

  route(http.app, specs.discovery, async ({ params, request, reply }) => {
    openToPages(reply)
    const answer = await authorization.ask(await askingOf(params.accountId, request), {
      method: 'GET',
      path: '/.well-known/openid-configuration',
    })
    const known = z.record(z.string(), z.unknown()).parse(parseJson(answer.body, 'answer'))
    return {
      ...known,
      response_modes_supported: ['query'],
      scopes_supported: ['openid', 'offline_access', ...DELEGATED_SCOPES],
    }
  })
}

const JSON_TYPE = 'application/json; charset=utf-8'

function present(values: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(given)
}
