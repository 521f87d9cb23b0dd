import type { HotAnswer, HotCall } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'
import { findContent } from './repository.ts'
import { requireSignature } from './signature.ts'
import { pathOf } from './serve-upload.ts'

export async function serveDownload(deps: FileDeps, call: HotCall): Promise<HotAnswer> {
  const { accountId = '' } = call.params
  const relativePath = pathOf(call.request.url)
  requireSignature(deps, accountId, 'GET', relativePath, new URLSearchParams(call.query))
  const found = await findContent(deps.store.db, accountId, relativePath)
  if (!found?.content) throw new ParleyError('not_found', `No file "${relativePath}"`)
  return {
    status: 200,
    headers: {
      'content-type': found.mediaType,
      // Uploaded files never run as pages of this server.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
    body: found.content,
  }
}
