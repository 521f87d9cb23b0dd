import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { FileDeps } from './deps.ts'
import { findFile, updateConversation } from './repository.ts'
import { requireSpaceInConversation } from './require-space.ts'

/**
 * Stores in which conversation a file was sent.
 * @throws ParleyError `not_found` unless its sender has uploaded it, `conflict` when it was sent in another conversation or
 * when the conversation has no room for it
 */
export async function attachFile(
  deps: Pick<FileDeps, 'store' | 'settings'>,
  accountId: string,
  file: { relativePath: string; ownerId: string; conversationId: string },
): Promise<void> {
  const { store } = deps
  const { relativePath, conversationId } = file
  const found = await findFile(store.db, accountId, file.relativePath)
  const isSent = found?.conversationId === file.conversationId
  if (!found?.isUploaded || (found.ownerId !== file.ownerId && !isSent)) {
    throw new ParleyError('not_found', `No uploaded file "${file.relativePath}"`)
  }
  if (found.conversationId !== null && !isSent) {
    throw new ParleyError('conflict', 'The file was sent in another conversation: upload it again')
  }
  if (isSent) return
  await store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const more = { conversationId, bytes: found.size }
    await requireSpaceInConversation(deps, tx, accountId, more)
    await updateConversation(tx, accountId, relativePath, conversationId)
  })
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
