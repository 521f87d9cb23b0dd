import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { listActivities } from './activities.ts'
import { allowDomain, listDomains, removeDomain } from './allowlist.ts'
import { listBlockedCalls } from './list-blocked-calls.ts'
import type { FunctionConfigDeps } from './deps.ts'
import { createSecret, deleteSecret, listSecrets, replaceSecret } from './secrets.ts'

/** The native API of this module. */
export function functionConfigRoutes({ app }: Http, deps: FunctionConfigDeps): void {
  route(app, contract.listSecrets, async ({ params, query }) => ({
    secrets: await listSecrets(deps, params.accountId, query),
  }))
  route(app, contract.createSecret, ({ params, body, principal }) =>
    createSecret(deps, params.accountId, principal.name, body),
  )
  route(app, contract.replaceSecret, ({ params, body, principal }) =>
    replaceSecret(deps, params.accountId, principal.name, params.name, body),
  )
  route(app, contract.deleteSecret, ({ params, principal }) =>
    deleteSecret(deps, params.accountId, principal.name, params.name),
  )

  route(app, contract.listAllowedDomains, async ({ params, query }) => ({
    domains: await listDomains(deps, params.accountId, query),
  }))
  route(app, contract.allowDomain, ({ params, body, principal }) =>
    allowDomain(deps, params.accountId, principal.name, body),
  )
  route(app, contract.removeAllowedDomain, ({ params, principal }) =>
    removeDomain(deps, params.accountId, principal.name, params.domainId),
  )

  route(app, contract.checkRedirects, async ({ params, body }) => {
    // Loaded when somebody asks: its library takes a thirtieth of a start.
    const { checkRedirects } = await import('./check-redirects.ts')
    return await checkRedirects(deps, params.accountId, body.url)
  })

  route(app, contract.listBlockedCalls, async ({ params, query }) => ({
    blockedCalls: await listBlockedCalls(deps, params.accountId, query),
  }))

  route(app, contract.listActivities, async ({ params, query }) => ({
    activities: await listActivities(deps, params.accountId, query),
  }))
}
