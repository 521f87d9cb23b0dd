import type { HotCall } from '#http'
import { ParleyError } from '#kernel'
import type { FileDeps } from './open.ts'
import { findContent } from './repository.ts'
import { requireSignature } from './signature.ts'
import { pathOf } from './serve-upload.ts'

export async function serveDownload(deps: FileDeps, call: HotCall): Promise<void> {
  const { request, response } = call
  const { accountId = '' } = call.params
  const relativePath = pathOf(request.url)
  requireSignature(deps, accountId, 'GET', relativePath, new URLSearchParams(call.query))
  const found = await findContent(deps.store.db, accountId, relativePath)
  if (!found?.content) throw new ParleyError('not_found', `No file "${relativePath}"`)
  response
    .writeHead(200, {
      'content-type': found.mediaType,
      'content-length': found.content.length,
      // Strangers' files never run as pages of this server.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    .end(found.content)
}
