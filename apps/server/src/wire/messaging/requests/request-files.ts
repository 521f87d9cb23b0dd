import { messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Answer, parseBody, type Request } from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const UPLOAD_URL: AnswerTypes = {
  agent: '.ams.ms.GenerateURLForUploadFile$Response',
  consumer: 'ms.GenerateURLForUploadFileResponse',
}
const DOWNLOAD_URL: AnswerTypes = {
  agent: '.ams.ms.GenerateURLForDownloadFile$Response',
  consumer: 'ms.GenerateURLForDownloadFileResponse',
}

export async function uploadUrl(
  { files }: Deps,
  { accountId, reader, side }: Session,
  request: Request,
): Promise<Answer> {
  const file = parseBody(messaging.UploadUrlBody, request.body)
  return {
    type: UPLOAD_URL[side],
    body: await files.grantUpload(accountId, {
      ...file,
      ownerId: reader.userId,
      fromConsumer: side === 'consumer',
    }),
  }
}

/** A client may download what it has uploaded, and the files of conversations that it may see. */
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
    type: DOWNLOAD_URL[side],
    body: await files.grantDownload(accountId, relativePath),
  }
}
