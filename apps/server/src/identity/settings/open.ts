import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { perAccount } from '#base/kit'
import * as changing from './change.ts'
import type { AlsoWrite, OpenSettingsDeps, SettingsDeps } from './deps.ts'
import { readSettings } from './merge-settings.ts'
import { selectChanged } from './repository.ts'
import { settingsRoutes } from './routes.ts'

/** The module `identity/settings`. */
export type Settings = ReturnType<typeof openSettings>

/** All settings of an account, in groups: stored in one row, cached, audited and notified in one way. */
export function openSettings(given: OpenSettingsDeps) {
  const { store } = given
  const cache = perAccount(store, 'accounts.settings', async (accountId) =>
    readSettings(await selectChanged(store.db, accountId)),
  )
  const writers: AlsoWrite[] = []
  const deps: SettingsDeps = { ...given, cache, writers }
  return {
    get: cache.get,
    /** What is in memory now, for callers that cannot wait. */
    peek: cache.peek,
    /** What each change writes beside, in the same commit. */
    alsoWrite: (also: AlsoWrite) => void writers.push(also),
    /** Every node reads them again: another one may have changed them and died. */
    readAgain: cache.changed,
    ...withDeps(deps, changing),
    routes: (http: Http): void => settingsRoutes(http, deps),
    [Symbol.dispose]: () => cache[Symbol.dispose](),
  }
}
