import * as contract from '@parley/contract'
import { type Http, type Principal, requireHeld, route } from '#base/http'
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
    // How it gets tokens, and where those of users go, decides who may do what it may.
    if (body.scopes ?? body.grantTypes ?? body.redirectUris) {
      requireHeldClient(principal, before)
      requireHeldScopes(principal, body.scopes ?? [])
    }
    // Whoever sets it hears what consumers say.
    requireHeldScopes(principal, body.webhook ? ['msg.consumer'] : [])
    return clients.change(deps, accountId, principal.name, clientId, body)
  })
  route(app, contract.renewClientSecret, async ({ params, body, principal }) => {
    const { accountId, clientId } = params
    const before = await clients.get(deps, accountId, clientId)
    // Whoever knows the secret may do what the application may.
    requireHeldClient(principal, before)
    return clientSecrets.renew(deps, accountId, principal.name, clientId, body)
  })
  route(app, contract.deleteClient, async ({ params: { accountId, clientId }, principal }) => {
    requireHeldClient(principal, await clients.get(deps, accountId, clientId))
    await clients.remove(deps, accountId, principal.name, clientId)
  })

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
  route(app, contract.deleteApiKey, async ({ params: { accountId, keyId }, principal }) => {
    requireHeld(principal, (await apiKeys.get(deps, accountId, keyId)).permissions)
    await apiKeys.remove(deps, accountId, principal.name, keyId)
  })

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

/** @throws ParleyError `forbidden` for an application that may do what the caller may not */
function requireHeldClient(
  principal: Principal,
  { scopes, keptPermissions = [] }: contract.OAuthClient,
): void {
  requireHeldScopes(principal, scopes)
  requireHeld(principal, keptPermissions)
}
