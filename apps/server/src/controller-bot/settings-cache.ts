import type { AutomaticMessageSetting } from '@parley/contract'
import type { Store } from '#store'
import { listSettings } from './repository.ts'

const SETTINGS_CHANGED = 'automatic-messages'

export interface SettingsCache extends Disposable {
  of(accountId: string): Promise<readonly AutomaticMessageSetting[]>
  /** To be called after a change is committed: here at once, on the other nodes soon. */
  changed(accountId: string): void
}

/** Each account's settings, read once and again after a change: every event and every idle timer asks for them. */
export function openSettingsCache(store: Store): SettingsCache {
  const known = new Map<string, Promise<readonly AutomaticMessageSetting[]>>()
  const hearing = store.onNotify(SETTINGS_CHANGED, (accountId) => known.delete(accountId))
  const again = store.onResync(() => known.clear())

  return {
    of(accountId) {
      const cached = known.get(accountId)
      if (cached) return cached
      const reading = listSettings(store.db, accountId)
      known.set(accountId, reading)
      reading.catch(() => {
        if (known.get(accountId) === reading) known.delete(accountId)
      })
      return reading
    },
    changed(accountId) {
      known.delete(accountId)
      store.notify(SETTINGS_CHANGED, accountId)
    },
    [Symbol.dispose]() {
      hearing[Symbol.dispose]()
      again[Symbol.dispose]()
    },
  }
}
