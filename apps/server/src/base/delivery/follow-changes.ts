import * as z from 'zod'
import type { Db, Store } from '#base/store'
import type { Delivery } from './open.ts'

interface FollowedChanges {
  /** Of the outbox consumer. */
  name: string
  /** What is called in the transaction of each change. */
  alsoWrite(also: (tx: Db, accountId: string) => void): void
  follow(accountId: string): Promise<void>
}

/** Work that follows changes of an account, on one node and at once: the commit of each has a row for it. */
export function followChanges(
  { delivery, store }: { delivery: Delivery; store: Pick<Store, 'enqueue'> },
  { name, alsoWrite, follow }: FollowedChanges,
): void {
  delivery.consume({
    name,
    workers: 'platform',
    facts: z.object({}),
    answersWaitingRows: true,
    async handle(row) {
      await follow(row.accountId)
      await delivery.end(row)
    },
  })
  alsoWrite((tx, accountId) =>
    store.enqueue(tx, accountId, [{ consumer: name, orderingKey: 'all', facts: {} }]),
  )
}
