import type { Db } from '#base/store'
import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'
import { sentBytes, storedBytes } from './repository.ts'

/** The rest of an account's space is left for files of its agents. */
const SHARE_OF_CONSUMERS = 0.8

/** A file that is to be stored. */
export interface NewFile {
  ownerId: string
  /** Whether its owner is a consumer. */
  fromConsumer: boolean
  bytes: number
}

/**
 * Counts uploaded bytes, not granted ones: a grant that is not used must not take space.
 * @throws ParleyError `conflict` when the account, its consumers together or the consumer have no room for it
 */
export async function requireSpace(
  { settings }: Pick<FileDeps, 'settings'>,
  db: Db,
  accountId: string,
  { ownerId, fromConsumer, bytes }: NewFile,
): Promise<void> {
  const { storedFileBytes, consumerFileBytes } = (await settings.get(accountId)).messaging
  const { all, ofConsumers, ofOwner } = await storedBytes(db, accountId, ownerId)
  if (all + bytes > storedFileBytes) throw full('The account has')
  if (!fromConsumer) return
  if (ofConsumers + bytes > storedFileBytes * SHARE_OF_CONSUMERS) {
    throw full("The account's consumers have")
  }
  if (ofOwner + bytes > consumerFileBytes) throw full('You have')
}

/** @throws ParleyError `conflict` when the conversation has no room for a file of so many bytes */
export async function requireSpaceInConversation(
  { settings }: Pick<FileDeps, 'settings'>,
  db: Db,
  accountId: string,
  { conversationId, bytes }: { conversationId: string; bytes: number },
): Promise<void> {
  const { conversationFileBytes } = (await settings.get(accountId)).messaging
  const sent = await sentBytes(db, accountId, conversationId)
  if (sent + bytes > conversationFileBytes) throw full('The conversation has')
}

function full(who: string): ParleyError {
  return new ParleyError('conflict', `${who} no room for more files`)
}
