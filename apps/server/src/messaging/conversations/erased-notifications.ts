import * as z from 'zod'
import { tellChange } from '#base/changes'
import type { Reading } from '#messaging/reading'
import type { Store } from '#base/store'

const ERASED = 'erased'
const ErasedNotification = z.object({ accountId: z.string(), conversationIds: z.array(z.string()) })
/** More ids do not fit into one NOTIFY. */
const IDS_PER_NOTIFICATION = 100

/** Notifies all nodes that conversations are erased. */
export function notifyErased(
  store: Store,
  accountId: string,
  conversationIds: readonly string[],
): void {
  for (let from = 0; from < conversationIds.length; from += IDS_PER_NOTIFICATION) {
    const some = conversationIds.slice(from, from + IDS_PER_NOTIFICATION)
    store.notify(ERASED, JSON.stringify({ accountId, conversationIds: some }))
  }
  tellChange(store, accountId, { topic: 'conversations' })
}

/** What any node has erased is forgotten on this one, and its subscribers are told. */
export function forgetErased(
  store: Store,
  { documents, updates }: Pick<Reading, 'documents' | 'updates'>,
): Disposable {
  return store.onNotify(ERASED, (payload) => {
    const { accountId, conversationIds } = ErasedNotification.parse(JSON.parse(payload))
    for (const id of conversationIds) {
      documents.forget('conversation', accountId, id)
      updates.tellErased(accountId, id)
    }
  })
}
