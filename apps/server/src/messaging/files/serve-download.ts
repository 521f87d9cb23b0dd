import type { HotAnswer, HotCall } from '#base/http'
import { ParleyError } from '#base/kernel'
import { requireActive } from '#base/store'
import type { ServingDeps } from './deps.ts'
import { findContent, findFile } from './repository.ts'
import { requireSignature } from './signature.ts'
import { pathOf } from './serve-upload.ts'
import { takeTransfer } from './transfers.ts'

export async function serveDownload(deps: ServingDeps, call: HotCall): Promise<HotAnswer> {
  const { accountId = '' } = call.params
  const relativePath = pathOf(call.request.url)
  requireSignature(deps, accountId, 'GET', relativePath, new URLSearchParams(call.query))
  requireActive(deps.store, accountId)
  const { db } = deps.store
  const size = (await findFile(db, accountId, relativePath))?.size ?? 0
  using taken = new DisposableStack()
  const transfer = taken.use(takeTransfer(deps, call.request, size))
  const found = await findContent(db, accountId, relativePath)
  if (!found?.content) throw new ParleyError('not_found', `No file "${relativePath}"`)
  taken.move()
  return {
    status: 200,
    sent: () => transfer[Symbol.dispose](),
    headers: {
      'content-type': found.mediaType,
      // Uploaded files never run as pages of this server.
      'content-security-policy': "default-src 'none'; sandbox",
    },
    body: found.content,
  }
}
