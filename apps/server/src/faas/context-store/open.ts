import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { ContextStoreDeps, OpenContextStoreDeps } from './deps.ts'
import { eraseSessions } from './erase.ts'
import { createNamespace, deleteNamespace } from './namespaces.ts'
import { deleteProperty, deleteSession, readProperties, writeProperties } from './properties.ts'
import { openQuota } from './quota.ts'
import { removeAllExpired } from './repository.ts'
import { contextStoreRoutes } from './routes.ts'

/** What functions keep about conversations and consumers. */
export type ContextStore = ReturnType<typeof openContextStore>

export function openContextStore(given: OpenContextStoreDeps) {
  const deps: ContextStoreDeps = { ...given, quota: openQuota(given) }
  return {
    ...withDeps(deps, {
      erase: eraseSessions,
      createNamespace,
      deleteNamespace,
      readProperties,
      writeProperties,
      deleteProperty,
      deleteSession,
    }),
    /** Ends what has expired: writes end some of it, and an account may be silent for years. */
    endOld: (accountId: string) =>
      removeAllExpired(given.store.maintenance, accountId, new Date(given.clock.now())),
    routes: (http: Http) => contextStoreRoutes(http, deps),
  }
}
