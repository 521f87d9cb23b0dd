import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'
import { findFile, updateConversation } from './repository.ts'

/**
 * Stores in which conversation a file was sent.
 * @throws ParleyError `not_found` unless its sender has uploaded it, `conflict` when it was sent in another conversation
 */
export async function attachFile(
  { store }: Pick<FileDeps, 'store'>,
  accountId: string,
  file: { relativePath: string; ownerId: string; conversationId: string },
): Promise<void> {
  const found = await findFile(store.db, accountId, file.relativePath)
  const isSent = found?.conversationId === file.conversationId
  if (!found?.isUploaded || (found.ownerId !== file.ownerId && !isSent)) {
    throw new ParleyError('not_found', `No uploaded file "${file.relativePath}"`)
  }
  if (found.conversationId !== null && !isSent) {
    throw new ParleyError('conflict', 'The file was sent in another conversation: upload it again')
  }
  if (!isSent) await updateConversation(store.db, accountId, file.relativePath, file.conversationId)
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
