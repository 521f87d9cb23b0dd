import { ParleyError } from '#base/kernel'
import { fileType } from './file-types.ts'
import type { FileDeps, FileGrant } from './deps.ts'
import { endOld } from './end-old.ts'
import { countGranted, findFile, insertFile } from './repository.ts'
import { requireSpace } from './require-space.ts'
import { sign } from './signature.ts'

/** Granted uploads of one owner that have not come. */
const MAX_GRANTED = 100

export async function grantUpload(
  deps: FileDeps,
  accountId: string,
  {
    ownerId,
    fromConsumer,
    fileSize,
    fileType: wanted,
  }: { ownerId: string; fromConsumer: boolean; fileSize: number; fileType: string },
): Promise<FileGrant> {
  const { settings, store, ids, clock } = deps
  const { messaging, consumerPage } = await settings.get(accountId)
  if (fromConsumer && !consumerPage.files) {
    throw new ParleyError('forbidden', 'Consumers of this account send no files')
  }
  const { mediaType, extension } = fileType(wanted)
  if (fileSize > messaging.fileBytes) {
    throw new ParleyError('request_too_large', `A file has at most ${messaging.fileBytes} bytes`)
  }
  const now = clock.now()
  await endOld(deps, accountId)
  if ((await countGranted(store.db, accountId, ownerId)) >= MAX_GRANTED) {
    throw new ParleyError('rate_limited', 'Too many files are announced and not uploaded')
  }
  await requireSpace(deps, store.db, accountId, { ownerId, fromConsumer, bytes: fileSize })
  const relativePath = `/v1/AUTH_async-images/${accountId}/${ids.uuid()}.${extension}`
  const row = {
    accountId,
    relativePath,
    ownerId,
    fromConsumer,
    mediaType,
    size: fileSize,
    conversationId: null,
    content: null,
    createdAt: new Date(now),
  }
  await store.transaction((tx) => insertFile(tx, row))
  return { relativePath, queryParams: sign(deps, accountId, 'PUT', relativePath) }
}

export async function grantDownload(
  deps: FileDeps,
  accountId: string,
  relativePath: string,
): Promise<FileGrant> {
  const file = await findFile(deps.store.db, accountId, relativePath)
  if (!file) throw new ParleyError('not_found', `No file "${relativePath}"`)
  return { relativePath, queryParams: sign(deps, accountId, 'GET', relativePath) }
}
