import { ParleyError } from '#base/kernel'
import type { ReadingDeps } from './deps.ts'
import type { Reader } from './may-see.ts'
import { hasSeenConversation } from './repository.ts'
import { soughtConsumer } from './sought-consumer.ts'

/**
 * Who may see a conversation of a consumer may see the consumer.
 * @throws ParleyError `not_found`
 */
export async function requireConsumer(
  deps: ReadingDeps,
  accountId: string,
  reader: Reader,
  consumerId: string,
): Promise<void> {
  if (reader.readsAll) return
  const consumer = await soughtConsumer(deps, accountId, consumerId)
  if (await hasSeenConversation(deps.store.db, accountId, reader, consumer)) return
  throw new ParleyError('not_found', `No consumer "${consumerId}"`)
}
