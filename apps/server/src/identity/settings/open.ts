import type { Http } from '#base/http'
import type { AllSettings } from '@parley/contract'
import { withDeps } from '#base/kernel'
import { perAccount } from '#base/kit'
import type { Db } from '#base/store'
import * as changing from './change.ts'
import type { OpenSettingsDeps, SettingsDeps } from './deps.ts'
import { readSettings } from './merge-settings.ts'
import { selectChanged } from './repository.ts'
import { settingsRoutes } from './routes.ts'

export type Settings = ReturnType<typeof openSettings>

/** All settings of an account, in groups: stored in one row, cached, audited and notified in one way. */
export function openSettings(given: OpenSettingsDeps) {
  const { store } = given
  const read = async (db: Db, accountId: string) => readSettings(await selectChanged(db, accountId))
  const cache = perAccount(store, 'accounts.settings', (accountId) => read(store.db, accountId))
  const deps: SettingsDeps = { ...given, cache }
  return {
    get: cache.get,
    /** What is in memory now, for callers that cannot wait. */
    peek: cache.peek,
    /** What a change of settings writes beside, in the same commit. It is told all settings as they are then. */
    alsoWrite(also: (tx: Db, accountId: string, settings: AllSettings) => Promise<void>): void {
      cache.alsoWrite(async (tx, accountId) => also(tx, accountId, await read(tx, accountId)))
    },
    ...withDeps(deps, changing),
    routes: (http: Http): void => settingsRoutes(http, deps),
    [Symbol.dispose]: () => cache[Symbol.dispose](),
  }
}
