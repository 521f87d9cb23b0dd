import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { openCredentialUses } from '#identity/credential-uses'
import * as apiKeys from './api-keys.ts'
import * as appTokens from './app-tokens.ts'
import * as clientSecrets from './client-secrets.ts'
import * as clients from './clients.ts'
import * as consumerTokens from './consumer-tokens.ts'
import type { CredentialsDeps, OpenCredentialsDeps } from './deps.ts'
import * as installationKeys from './installation-keys.ts'
import * as issuers from './issuers.ts'
import * as keyProofs from './key-proofs.ts'
import * as loginKeys from './login-keys.ts'
import { openNonces } from './nonces.ts'
import { perAccount } from '#base/kit'
import { credentialRoutes } from './routes.ts'
import * as secrets from './secrets.ts'
import { openSecretsBox } from '#identity/sealing'
import * as signedRequests from './signed-requests.ts'
import * as signingKeys from './signing-keys.ts'
import { readCredentials } from './snapshot.ts'
import { findWebhook } from './webhooks.ts'

export type Credentials = Awaited<ReturnType<typeof openCredentials>>

/** @throws an `Error` of one line when the data were written with another secrets key */
export async function openCredentials(
  given: OpenCredentialsDeps,
  config: { dataDir: string; secretsKey: string | undefined },
) {
  const { store } = given
  const { dataDir, secretsKey: key } = config
  const { box, formerKey } = await openSecretsBox(store, { dataDir, key })
  const snapshots = perAccount(store, 'credentials', (accountId) =>
    readCredentials(store.db, box, accountId),
  )
  const keys = installationKeys.openInstallationKeys(store, box)
  const nonces = openNonces(given)
  const uses = openCredentialUses(given)
  const deps: CredentialsDeps = { ...given, box, snapshots, nonces, uses, installationKeys: keys }
  return {
    formerKey,
    apiKeys: withDeps(deps, apiKeys),
    clients: withDeps(deps, clients),
    isKnownSecret: withDeps(deps, { isKnown: clientSecrets.isKnown }).isKnown,
    ...withDeps(deps, { findWebhook }),
    issuers: withDeps(deps, issuers),
    signingKeys: withDeps(deps, signingKeys),
    /** Of the published path without an account. */
    installationPublicKeys: () => installationKeys.publicKeys(deps),
    appTokens: withDeps(deps, appTokens),
    consumerTokens: withDeps(deps, consumerTokens),
    loginKeys: withDeps(deps, loginKeys),
    keyProofs: withDeps(deps, keyProofs),
    signedRequests: withDeps(deps, signedRequests),
    secrets: withDeps(deps, secrets),
    /** A keyed fingerprint, which only this installation can make. */
    digest: box.digest,
    /** To be called after a transaction that added a key or an application. */
    changed: snapshots.changed,
    /** Called on every node after keys, applications or issuers were made, revoked or deleted. */
    onChange: snapshots.onChange,
    routes: (http: Http) => credentialRoutes(http, deps),
    [Symbol.dispose]() {
      keys[Symbol.dispose]()
      snapshots[Symbol.dispose]()
    },
  }
}
