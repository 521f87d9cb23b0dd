import { messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Answer, parseBody, type Request, type Side } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { Session } from '#wire/messaging/updates'

export async function uploadUrl(
  { files }: Deps,
  { accountId, reader, side }: Session,
  request: Request,
): Promise<Answer> {
  const file = parseBody(messaging.UploadUrlBody, request.body)
  return {
    type: answerType(side, 'GenerateURLForUploadFile'),
    body: await files.grantUpload(accountId, { ...file, ownerId: reader.userId }),
  }
}

/** For whoever may see the conversation in which the file was sent, or has uploaded it. */
export async function downloadUrl(
  { files, reading }: Deps,
  { accountId, reader, side }: Session,
  request: Request,
): Promise<Answer> {
  const { relativePath } = parseBody(messaging.DownloadUrlBody, request.body)
  const { ownerId, conversationId } = await files.getAttachment(accountId, relativePath)
  if (conversationId !== undefined) await reading.getConversation(accountId, reader, conversationId)
  else if (ownerId !== reader.userId) {
    throw new ParleyError('not_found', `No file "${relativePath}"`)
  }
  return {
    type: answerType(side, 'GenerateURLForDownloadFile'),
    body: await files.grantDownload(accountId, relativePath),
  }
}

function answerType(side: Side, name: string): string {
  return side === 'agent' ? `.ams.ms.${name}$Response` : `ms.${name}Response`
}
