import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { listActivities } from './activities.ts'
import { allowDomain, listDomains, removeDomain } from './allowlist.ts'
import { listBlockedCalls } from './list-blocked-calls.ts'
import { checkRedirects } from './check-redirects.ts'
import type { FunctionConfig } from './open.ts'
import { createSecret, deleteSecret, listSecrets, replaceSecret } from './secrets.ts'

/** Mounts the native API of this room. */
export function mountFunctionConfig({ app }: Http, { room }: FunctionConfig): void {
  route(app, contract.listSecrets, async ({ params, query }) => ({
    secrets: await listSecrets(room, params.accountId, query),
  }))
  route(app, contract.createSecret, ({ params, body, principal }) =>
    createSecret(room, params.accountId, principal.name, body),
  )
  route(app, contract.replaceSecret, ({ params, body, principal }) =>
    replaceSecret(room, params.accountId, principal.name, params.name, body),
  )
  route(app, contract.deleteSecret, ({ params, principal }) =>
    deleteSecret(room, params.accountId, principal.name, params.name),
  )

  route(app, contract.listAllowedDomains, async ({ params, query }) => ({
    domains: await listDomains(room, params.accountId, query),
  }))
  route(app, contract.allowDomain, ({ params, body, principal }) =>
    allowDomain(room, params.accountId, principal.name, body),
  )
  route(app, contract.removeAllowedDomain, ({ params, principal }) =>
    removeDomain(room, params.accountId, principal.name, params.domainId),
  )

  route(app, contract.checkRedirects, ({ params, body }) =>
    checkRedirects(room, params.accountId, body.url),
  )

  route(app, contract.listBlockedCalls, async ({ params, query }) => ({
    blockedCalls: await listBlockedCalls(room, params.accountId, query),
  }))

  route(app, contract.listActivities, async ({ params, query }) => ({
    activities: await listActivities(room, params.accountId, query),
  }))
}
