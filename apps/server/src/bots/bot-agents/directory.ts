import { perAccount } from '#base/kit'
import type { Base, Db } from '#base/store'
import type { BotAgent } from './bot-kind.ts'
import { findBot, listBots, type StoredBot } from './repository.ts'

/** The bots of each account, in memory: read in every turn. */
export interface BotDirectory extends Disposable {
  find(accountId: string, id: { botId: string } | { userId: string }): Promise<BotAgent | undefined>
  list(accountId: string): Promise<StoredBot[]>
  /** Runs the work in a transaction; then every node reads the account's bots again. */
  change<T>(accountId: string, work: (tx: Db) => Promise<T>): Promise<T>
  /** To be called after the commit of a change by another transaction. */
  changed(accountId: string): void
}

export function openBotDirectory({ store }: Pick<Base, 'store'>): BotDirectory {
  const bots = perAccount(store, 'bots', (accountId) => listBots(store.db, accountId))
  return {
    async find(accountId, id) {
      const known = (await bots.get(accountId)).find((bot) =>
        'botId' in id ? bot.botId === id.botId : bot.userId === id.userId,
      )
      // A bot that another node has made a moment ago is not in memory here.
      return known ?? (await findBot(store.db, accountId, id))
    },
    list: bots.get,
    change: bots.change,
    changed: bots.changed,
    [Symbol.dispose]: () => bots[Symbol.dispose](),
  }
}
