import { perAccount } from '#base/kit'
import { withDeps } from '#base/kernel'
import type { GrantsDeps, OpenGrantsDeps } from './deps.ts'
import * as grantedTokens from './granted-token.ts'
import { deleteItemsOfUser, endExpired } from './repository.ts'
import * as storage from './storage.ts'

export type Grants = ReturnType<typeof openGrants>

export function openGrants(given: OpenGrantsDeps) {
  const ends = perAccount(given.store, 'grants', async () => undefined)
  const deps: GrantsDeps = { ...given, ends }
  return {
    ...withDeps(deps, grantedTokens),
    ...withDeps(deps, storage),
    /** Ends log-ins for applications, and what the user has let them do, as part of a transaction that ends sessions. */
    endOfUser: deleteItemsOfUser,
    /** Ends what has expired. Resolves to whether none is left. */
    endOld: (accountId: string) =>
      endExpired(given.store.maintenance, accountId, new Date(given.wallClock.now())),
    /** Called on every node after something that users have let applications do has ended. */
    onEnd: ends.onChange,
    [Symbol.dispose]: () => ends[Symbol.dispose](),
  }
}
