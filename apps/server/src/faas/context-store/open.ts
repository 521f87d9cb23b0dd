import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { ContextStoreDeps } from './deps.ts'
import { eraseSessions } from './erase.ts'
import { contextStoreRoutes } from './routes.ts'

/** What functions keep about conversations and consumers. */
export type ContextStore = ReturnType<typeof openContextStore>

export function openContextStore(deps: ContextStoreDeps) {
  return {
    ...withDeps(deps, { erase: eraseSessions }),
    routes: (http: Http) => contextStoreRoutes(http, deps),
  }
}
