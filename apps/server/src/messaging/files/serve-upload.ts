import { type HotAnswer, type HotCall, type Principal, readBody } from '#base/http'
import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import { type Db, requireActive } from '#base/store'
import { fileType } from './file-types.ts'
import type { ServingDeps } from './deps.ts'
import { findContent, findFile, writeContent } from './repository.ts'
import { requireSpace } from './require-space.ts'
import { requireSignature } from './signature.ts'
import { requireSignedIn } from './sign-in.ts'
import { takeTransfer } from './transfers.ts'

/**
 * Takes the bytes of a granted upload, or a replacement by a user who has signed in to the file store. The same bytes again are answered as
 * before: clients and proxies may repeat a PUT whose answer was lost.
 */
export async function serveUpload(deps: ServingDeps, call: HotCall): Promise<HotAnswer> {
  const { store, settings } = deps
  const { request } = call
  const { accountId = '' } = call.params
  const relativePath = pathOf(request.url)
  const token = request.headers['x-auth-token']
  const address = deps.clientAddress(request)
  const caller =
    typeof token === 'string'
      ? await requireSignedIn(deps, accountId, { token, address })
      : undefined
  const replaces = caller !== undefined
  if (!replaces) {
    const query = new URLSearchParams(call.query)
    requireSignature(deps, accountId, 'PUT', relativePath, query)
  }
  requireActive(deps.store, accountId)
  const granted = await findFile(store.db, accountId, relativePath)
  if (!granted) throw new ParleyError('not_found', `No file "${relativePath}"`)
  const isRepeated = granted.isUploaded && !replaces
  const { ownerId, fromConsumer } = granted
  const space = { ownerId, fromConsumer: fromConsumer === true, bytes: granted.size }
  if (!replaces && !isRepeated) await requireSpace(deps, store.db, accountId, space)
  const { messaging } = await settings.get(accountId)
  const limit = replaces ? messaging.fileBytes : Math.min(granted.size, messaging.fileBytes)
  using _transfer = takeTransfer(deps, request, limit)
  const content = await readBody(request, limit)
  if (isRepeated) return answerAgain(deps, accountId, relativePath, content)
  const { 'content-type': contentType } = request.headers
  const mediaType =
    replaces && contentType !== undefined ? fileType(contentType).mediaType : undefined
  const file = { content, mediaType, replaces }
  // While the body was read, another upload may have stored the file, and the file may have been sent.
  const isStored = await store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (!replaces) await requireSpace(deps, tx, accountId, { ...space, bytes: content.length })
    if (!(await writeContent(tx, accountId, relativePath, file))) return false
    if (caller) await noteReplaced(deps, tx, caller, { relativePath, address })
    return true
  })
  return isStored ? { status: 201 } : answerAgain(deps, accountId, relativePath, content)
}

/** What has been sent is another file now. */
async function noteReplaced(
  { audit }: Pick<ServingDeps, 'audit'>,
  tx: Db,
  { accountId, name: actor, via }: Principal,
  { address, relativePath }: { address: string; relativePath: string },
): Promise<void> {
  const object = `file:${relativePath}`
  await audit.recordRepeated(tx, accountId, {
    actor,
    action: 'file.replaced',
    object,
    address,
    via: via ?? null,
  })
}

async function answerAgain(
  { store }: ServingDeps,
  accountId: string,
  relativePath: string,
  content: Buffer,
): Promise<HotAnswer> {
  const found = await findContent(store.db, accountId, relativePath)
  if (found?.content?.equals(content)) return { status: 201 }
  throw new ParleyError('conflict', 'Other bytes were uploaded before, or the file is erased')
}

export function pathOf(url = '/'): string {
  return url.split('?', 1)[0] ?? '/'
}
