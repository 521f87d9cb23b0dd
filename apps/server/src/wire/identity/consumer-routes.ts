import { type Http, route, routesForPages } from '#base/http'
import { requireRegistrar } from '#identity/credentials'
import type { Deps } from './deps.ts'
import { openSignUpLimit } from './sign-up-limit.ts'
import * as specs from './specs.ts'

/** What pages of other sites ask for. */
const ASKED_BY_PAGES = {
  methods: 'POST',
  headers: 'content-type, authorization',
  paths: [specs.signup.path, specs.authorizeAnonymous.path, specs.authenticate.path],
}

/** The identity provider of consumers: anonymous ones, and those that an issuer of the account authenticates. */
export function consumerRoutes(http: Http, deps: Deps): void {
  const { accounts, credentials } = deps
  const countSignUp = openSignUpLimit(deps, http)

  routesForPages(http, ASKED_BY_PAGES, (app) => {
    route(app, specs.signup, async ({ params, request }) => {
      await accounts.getAccount(params.accountId)
      countSignUp(request)
      return { jwt: await credentials.consumerTokens.signUp(params.accountId) }
    })
    route(app, specs.authorizeAnonymous, async ({ params, request }) => {
      await accounts.getAccount(params.accountId)
      countSignUp(request)
      return { jwt: await credentials.consumerTokens.authorizeAnonymous(params.accountId) }
    })
    route(app, specs.authenticate, async ({ params, body, request }) => {
      const jwt = await accounts.proveCaller(params.accountId, async () => {
        countSignUp(request)
        return credentials.consumerTokens.authenticate(params.accountId, body.authCode)
      })
      return { jwt }
    })
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
  route(http.app, specs.registerConsumer, async ({ params, body, principal }) => {
    requireRegistrar(principal)
    const { accountId } = params
    const { ext_consumer_id: externalId } = body
    const { consumerTokens } = credentials
    return { token: await consumerTokens.register(accountId, principal.id, externalId) }
  })
}
