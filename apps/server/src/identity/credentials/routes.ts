import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { createApiKey, deleteApiKey, listApiKeys } from './api-keys.ts'
import { createClient, deleteClient, listClients } from './clients.ts'
import { createIssuer, deleteIssuer, listIssuers } from './issuers.ts'
import type { CredentialsRoom } from './room.ts'
import { rotateSigningKey } from './signing-keys.ts'

/** Applications, API keys, issuers and signing keys by the native API. */
export function credentialRoutes({ app }: Http, room: CredentialsRoom): void {
  route(app, contract.listClients, async ({ params }) => ({
    clients: await listClients(room, params.accountId),
  }))
  route(app, contract.createClient, ({ params, body, principal }) =>
    createClient(room, params.accountId, principal.name, body),
  )
  route(app, contract.deleteClient, ({ params, principal }) =>
    deleteClient(room, params.accountId, principal.name, params.clientId),
  )

  route(app, contract.listApiKeys, async ({ params }) => ({
    apiKeys: await listApiKeys(room, params.accountId),
  }))
  route(app, contract.createApiKey, ({ params, body, principal }) =>
    createApiKey(room, params.accountId, principal.name, body),
  )
  route(app, contract.deleteApiKey, ({ params, principal }) =>
    deleteApiKey(room, params.accountId, principal.name, params.keyId),
  )

  route(app, contract.listIssuers, async ({ params }) => ({
    issuers: await listIssuers(room, params.accountId),
  }))
  route(app, contract.createIssuer, ({ params, body, principal }) =>
    createIssuer(room, params.accountId, principal.name, body),
  )
  route(app, contract.deleteIssuer, ({ params, principal }) =>
    deleteIssuer(room, params.accountId, principal.name, params.issuer),
  )

  route(app, contract.listSigningKeys, async ({ params }) => {
    const { signingKeys } = await room.credentials.get(params.accountId)
    return {
      signingKeys: signingKeys.map(({ kid, createdAt }, index) => ({
        kid,
        createdAt: new Date(createdAt).toISOString(),
        current: index === 0,
      })),
    }
  })
  route(app, contract.rotateSigningKey, async ({ params, body, principal }) => {
    const { kid, createdAt } = await rotateSigningKey(room, params.accountId, principal.name, body)
    return { kid, createdAt: new Date(createdAt).toISOString(), current: true }
  })
}
