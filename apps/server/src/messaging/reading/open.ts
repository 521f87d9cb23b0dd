import type { Accounts } from '#identity/accounts'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import * as changes from './changed-since.ts'
import { openDocuments } from './documents.ts'
import * as conversations from './get-conversation.ts'
import * as lists from './read-conversations.ts'
import * as messages from './read-messages.ts'
import * as consumers from './require-consumer.ts'
import * as searches from './search.ts'
import { readerOf } from './reader-of.ts'
import { findConsumer } from './sought-consumer.ts'
import { openUpdates } from './updates.ts'

/** Reads conversations, and notifies subscribers on every node of what becomes of them. */
export type Reading = ReturnType<typeof openReading>

export function openReading({
  store,
  logger,
  monotonic,
  accounts,
}: Pick<Base, 'store' | 'logger' | 'monotonic'> & { accounts: Pick<Accounts, 'users'> }) {
  using opened = new DisposableStack()
  const documents = openDocuments(store.db)
  const updates = opened.use(openUpdates({ store, documents, logger, monotonic }))
  opened.use(
    store.onResync((missed) => {
      documents.forgetAll()
      updates.resync(missed)
    }),
  )
  const resources = opened.move()
  return {
    ...withDeps(
      { store, documents },
      {
        ...changes,
        ...conversations,
        ...consumers,
        ...lists,
        ...messages,
        ...searches,
        findConsumer,
      },
    ),
    ...withDeps({ accounts }, { readerOf }),
    /** What this node remembers; for modules that write. */
    documents,
    updates,
    [Symbol.dispose]: () => resources.dispose(),
  }
}
