import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { Db } from '#base/store'
import type { FileDeps } from './deps.ts'
import { findFile, isClosed, isNamed, updateConversation } from './repository.ts'
import { requireSpaceInConversation } from './require-space.ts'

interface SentFile {
  relativePath: string
  /** Of who sends it. */
  ownerIds: readonly string[]
  conversationId: string
}

/**
 * Stores in which conversation a file is sent, before its message is. Where that was refused, because the conversation had just been
 * closed, the owner may send it in another one.
 * @throws ParleyError `not_found` unless its sender has uploaded it, `conflict` when it was sent in another conversation or
 * when the conversation has no room for it
 */
export async function attachFile(
  deps: Pick<FileDeps, 'store' | 'settings'>,
  accountId: string,
  { relativePath, ownerIds, conversationId }: SentFile,
): Promise<void> {
  const { store } = deps
  const find = async (db: Db) => {
    const found = await findFile(db, accountId, relativePath)
    const isSent = found?.conversationId === conversationId
    if (found?.isUploaded && (ownerIds.includes(found.ownerId) || isSent)) {
      return { ...found, isSent }
    }
    throw new ParleyError('not_found', `No uploaded file "${relativePath}"`)
  }
  if ((await find(store.db)).isSent) return
  await store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    // The same file may have been sent elsewhere at the same time.
    const { conversationId: former, isSent, size } = await find(tx)
    if (isSent) return
    if (former !== null && !(await isNeverSent(tx, accountId, relativePath, former))) {
      const message = 'The file was sent in another conversation: upload it again'
      throw new ParleyError('conflict', message)
    }
    await requireSpaceInConversation(deps, tx, accountId, { conversationId, bytes: size })
    await updateConversation(tx, accountId, relativePath, conversationId)
  })
}

/** While a conversation is open, the message that names the file may be on its way. */
async function isNeverSent(
  tx: Db,
  accountId: string,
  relativePath: string,
  conversationId: string,
): Promise<boolean> {
  if (!(await isClosed(tx, accountId, conversationId))) return false
  return !(await isNamed(tx, accountId, conversationId, relativePath))
}

/** The uploader of a file, and the conversation that it was sent in. */
export async function getAttachment(
  { store }: Pick<FileDeps, 'store'>,
  accountId: string,
  relativePath: string,
): Promise<{ ownerId: string; conversationId: string | undefined }> {
  const found = await findFile(store.db, accountId, relativePath)
  if (!found?.isUploaded) throw new ParleyError('not_found', `No file "${relativePath}"`)
  return { ownerId: found.ownerId, conversationId: found.conversationId ?? undefined }
}
