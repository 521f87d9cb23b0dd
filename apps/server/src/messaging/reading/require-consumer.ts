import { ParleyError } from '#base/kernel'
import type { ReadingDeps } from './deps.ts'
import type { Reader } from './may-see.ts'
import { hasSeenConversation } from './repository.ts'

/**
 * Who may see a conversation of a consumer may see the consumer.
 * @throws ParleyError `not_found`
 */
export async function requireConsumer(
  { store, documents }: ReadingDeps,
  accountId: string,
  reader: Reader,
  consumerId: string,
): Promise<void> {
  if (reader.readsAll) return
  const left = (await documents.find('consumer', accountId, consumerId))?.state.left ?? []
  if (await hasSeenConversation(store.db, accountId, reader, { consumerId, left })) return
  throw new ParleyError('not_found', `No consumer "${consumerId}"`)
}
