import type { Update } from '@parley/contract'
import type { Store } from '#base/store'

/** What has changed. Without an `id` anything of its topic may have. */
export type Change = Pick<Update, 'topic' | 'id' | 'conversationId'>

/** Of notifications: account, topic and ids. */
export const CHANNEL = 'changes'
/** A longer id is left out. */
const MAX_ID_CHARACTERS = 500
/** So are most ids, and each run of a function is told of by two. */
const NOTHING_TO_ENCODE = /^[\w-]{0,100}$/

/** Tells every node, this one included, of a change. Call it after its commit. */
export function tellChange(
  store: Pick<Store, 'notify'>,
  accountId: string,
  { topic, id = '', conversationId = '' }: Change,
): void {
  store.notify(CHANNEL, [accountId, topic, id, conversationId].map(encoded).join('/'))
}

function encoded(part: string): string {
  if (NOTHING_TO_ENCODE.test(part)) return part
  return part.length > MAX_ID_CHARACTERS ? '' : encodeURIComponent(part.toWellFormed())
}

export interface ChangeListener {
  changed(change: Change): void
  /** Changes of other nodes may have been missed, of any topic. */
  missed(): void
}

/** Calls the listener for every change in the account, on whichever node. */
export function watchChanges(
  store: Pick<Store, 'onNotify' | 'onResync'>,
  accountId: string,
  { changed, missed }: ChangeListener,
): Disposable {
  const prefix = `${encodeURIComponent(accountId)}/`
  const watching = new DisposableStack()
  watching.use(
    store.onNotify(CHANNEL, (payload) => {
      if (payload.startsWith(prefix)) changed(changeOf(payload.slice(prefix.length)))
    }),
  )
  watching.use(store.onResync(missed))
  return watching
}

function changeOf(text: string): Change {
  const [topic, id, conversationId] = text.split('/').map(decodeURIComponent)
  return {
    // What a node of ours has sent; readers leave topics out that they do not know.
    topic: topic as Change['topic'],
    ...(id && { id }),
    ...(conversationId && { conversationId }),
  }
}
