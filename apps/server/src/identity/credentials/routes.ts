import * as contract from '@parley/contract'
import { type Http, requireHeld, route } from '#base/http'
import * as apiKeys from './api-keys.ts'
import * as clientSecrets from './client-secrets.ts'
import * as clients from './clients.ts'
import type { CredentialsDeps } from './deps.ts'
import * as issuers from './issuers.ts'
import { requireForConsumers, requireHeldScopes } from './scopes.ts'
import { list as listSigningKeys, rotate as rotateSigningKey } from './signing-keys.ts'

/** Applications, API keys, issuers and signing keys by the native API. */
export function credentialRoutes({ app }: Http, deps: CredentialsDeps): void {
  route(app, contract.listClients, async ({ params }) => ({
    clients: await clients.list(deps, params.accountId),
  }))
  route(app, contract.createClient, ({ params, body, principal }) => {
    requireHeldScopes(principal, body.scopes)
    return clients.create(deps, params.accountId, principal.name, body)
  })
  route(app, contract.changeClient, async ({ params, body, principal }) => {
    const { accountId, clientId } = params
    const before = await clients.get(deps, accountId, clientId)
    requireHeldScopes(principal, body.scopes ? [...before.scopes, ...body.scopes] : [])
    requireHeld(principal, body.scopes ? (before.keptPermissions ?? []) : [])
    // Whoever sets it hears what consumers say.
    requireHeldScopes(principal, body.webhook ? ['msg.consumer'] : [])
    return clients.change(deps, accountId, principal.name, clientId, body)
  })
  route(app, contract.renewClientSecret, async ({ params, body, principal }) => {
    const { accountId, clientId } = params
    const before = await clients.get(deps, accountId, clientId)
    // Whoever knows the secret may do what the application may.
    requireHeldScopes(principal, before.scopes)
    requireHeld(principal, before.keptPermissions ?? [])
    return clientSecrets.renew(deps, accountId, principal.name, clientId, body)
  })
  route(app, contract.deleteClient, ({ params, principal }) =>
    clients.remove(deps, params.accountId, principal.name, params.clientId),
  )

  route(app, contract.listApiKeys, async ({ params }) => ({
    apiKeys: await apiKeys.list(deps, params.accountId),
  }))
  route(app, contract.createApiKey, ({ params, body, principal }) => {
    requireHeld(principal, body.permissions ?? contract.DEFAULT_KEY_PERMISSIONS)
    return apiKeys.create(deps, params.accountId, principal.name, body)
  })
  route(app, contract.changeApiKey, async ({ params, body, principal }) => {
    const { accountId, keyId } = params
    const before = await apiKeys.get(deps, accountId, keyId)
    requireHeld(principal, body.permissions ? [...before.permissions, ...body.permissions] : [])
    return apiKeys.change(deps, accountId, principal.name, keyId, body)
  })
  route(app, contract.deleteApiKey, ({ params, principal }) =>
    apiKeys.remove(deps, params.accountId, principal.name, params.keyId),
  )

  route(app, contract.listIssuers, async ({ params }) => ({
    issuers: await issuers.list(deps, params.accountId),
  }))
  route(app, contract.createIssuer, ({ params, body, principal }) => {
    // Whose keys are trusted can be each of its consumers.
    requireForConsumers(principal)
    return issuers.create(deps, params.accountId, principal.name, body)
  })
  route(app, contract.deleteIssuer, ({ params, principal }) =>
    issuers.remove(deps, params.accountId, principal.name, params.issuer),
  )

  route(app, contract.listSigningKeys, async ({ params }) => ({
    signingKeys: await listSigningKeys(deps, params.accountId),
  }))
  route(app, contract.rotateSigningKey, ({ params, body, principal }) =>
    rotateSigningKey(deps, params.accountId, principal.name, body),
  )
}
