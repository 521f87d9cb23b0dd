import { type Http, route } from '#base/http'
import { requireRegistrar } from '#identity/credentials'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import { openSignUpLimit } from './sign-up-limit.ts'
import * as specs from './specs.ts'

const PREFLIGHT_PATHS = ['signup', 'anonymous/authorize', 'authenticate']

/** The identity provider of consumers: anonymous ones, and those that an issuer of the account authenticates. */
export function consumerRoutes(http: Http, deps: Deps): void {
  const { accounts, credentials } = deps
  const countSignUp = openSignUpLimit(deps, http)

  route(http.app, specs.signup, async ({ params, reply, request }) => {
    openToPages(reply)
    await accounts.getAccount(params.accountId)
    countSignUp(request)
    return { jwt: await credentials.consumerTokens.signUp(params.accountId) }
  })
  route(http.app, specs.signupAsScript, async ({ params, query, reply, request }) => {
    await accounts.getAccount(params.accountId)
    countSignUp(request)
    const jwt = await credentials.consumerTokens.signUp(params.accountId)
    return reply
      .type('application/javascript; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(`${query.callback}(${JSON.stringify({ jwt })});`)
  })
  route(http.app, specs.authorizeAnonymous, async ({ params, reply, request }) => {
    openToPages(reply)
    await accounts.getAccount(params.accountId)
    countSignUp(request)
    return { jwt: await credentials.consumerTokens.authorizeAnonymous(params.accountId) }
  })
  route(http.app, specs.authenticate, async ({ params, body, reply, request }) => {
    openToPages(reply)
    const jwt = await accounts.proveCaller(params.accountId, async () => {
      countSignUp(request)
      return credentials.consumerTokens.authenticate(params.accountId, body.authCode)
    })
    return { jwt }
  })
  route(http.app, specs.registerConsumer, async ({ params, body, principal }) => {
    requireRegistrar(principal)
    const { accountId } = params
    const { ext_consumer_id: externalId } = body
    const { consumerTokens } = credentials
    return { token: await consumerTokens.register(accountId, principal.id, externalId) }
  })
  for (const path of PREFLIGHT_PATHS) {
    http.app.options(`/api/account/:accountId/${path}`, (_request, reply) =>
      reply
        .headers({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type, authorization',
          'access-control-max-age': '86400',
        })
        .code(204)
        .send(),
    )
  }
}
