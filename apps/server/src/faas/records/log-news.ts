import type { Store } from '#base/store'
import type { LogRow } from './write-repository.ts'

const CHANNEL = 'logs'

/** Tells every node which accounts have new entries, and how far back they reach. */
export function tellNewLogs(store: Store, rows: readonly LogRow[]): void {
  const oldest = new Map<string, number>()
  for (const { accountId, at } of rows) {
    oldest.set(accountId, Math.min(oldest.get(accountId) ?? Infinity, at.getTime()))
  }
  for (const [accountId, at] of oldest) store.notify(CHANNEL, `${at} ${accountId}`)
}

/** @param hear gets the instant of the oldest entry that is new */
export function onNewLogs(
  store: Store,
  accountId: string,
  hear: (oldestAt: number) => void,
): Disposable {
  return store.onNotify(CHANNEL, (told) => {
    const space = told.indexOf(' ')
    if (told.slice(space + 1) === accountId) hear(Number(told.slice(0, space)))
  })
}
