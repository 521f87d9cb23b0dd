import { tellChange } from '#base/changes'
import type { Store } from '#base/store'
import type { LogRow } from './write-repository.ts'

const CHANNEL = 'logs'

/** Notifies every node of the accounts that have new entries, and of the instant of the oldest one. */
export function notifyNewLogs(store: Store, rows: readonly LogRow[]): void {
  const oldest = new Map<string, number>()
  for (const { accountId, at } of rows) {
    oldest.set(accountId, Math.min(oldest.get(accountId) ?? Infinity, at.getTime()))
  }
  for (const [accountId, at] of oldest) {
    store.notify(CHANNEL, `${at} ${accountId}`)
    tellChange(store, accountId, { topic: 'logs' })
  }
}

/** @param notify gets the instant of the oldest new entry */
export function watchNewLogs(
  { store }: { store: Store },
  accountId: string,
  notify: (oldestAt: number) => void,
): Disposable {
  return store.onNotify(CHANNEL, (text) => {
    const space = text.indexOf(' ')
    if (text.slice(space + 1) === accountId) notify(Number(text.slice(0, space)))
  })
}
