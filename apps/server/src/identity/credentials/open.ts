import type { AccountSettings } from '@parley/contract'
import type { Clock, Ids } from '#base/kernel'
import type { Store } from '#base/store'
import { readCredentials } from './known.ts'
import { openNonces } from './nonces.ts'
import { perAccount } from './per-account.ts'
import type { CredentialsRoom } from './room.ts'
import { openSecretsBox } from './secrets-key.ts'

export interface CredentialsDeps {
  store: Store
  clock: Clock
  ids: Ids
  lives(accountId: string): Promise<AccountSettings['identity']>
}

/** @throws an `Error` of one line when the data were written with another secrets key */
export async function openCredentials(
  deps: CredentialsDeps,
  config: { dataDir: string; secretsKey: string | undefined },
): Promise<CredentialsRoom & Disposable> {
  const { store } = deps
  const box = await openSecretsBox(store, { dataDir: config.dataDir, key: config.secretsKey })
  const credentials = perAccount(store, 'credentials', (accountId) =>
    readCredentials(store.db, box, accountId),
  )
  return {
    ...deps,
    box,
    credentials,
    nonces: openNonces(deps),
    [Symbol.dispose]: () => credentials[Symbol.dispose](),
  }
}
