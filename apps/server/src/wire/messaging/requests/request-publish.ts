import { type ConversationState, messaging } from '@parley/contract'
import type { ClientPublication } from '#messaging/conversations'
import { type Answer, metadataOf, parseBody, parsePart, type Request } from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import { checkImages } from './check-images.ts'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const PUBLISHED: AnswerTypes = {
  agent: '.ams.ms.PublishEvent$Response',
  consumer: 'ms.PublishEventResponse',
}

/** Answers once the message is stored. Chat states are not stored: subscribers are notified of them. */
export async function publishEvent(
  { settings, reading, conversations, files }: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { accountId, reader, side } = session
  const body = parseBody(messaging.PublishEventBody, request.body)
  const event = parseBody(messaging.PublishedEvent, body.event, ['event'])
  const { dialogId, messageAudience } = body
  const conversation = await reading.getConversationOfDialog(
    accountId,
    reader,
    dialogId,
    body.conversationId,
  )
  const { conversationId } = conversation
  const type = PUBLISHED[side]
  if (event.type === 'ChatStateEvent') {
    const { chatState } = event
    await conversations.publishChatState(accountId, reader, { conversationId, dialogId, chatState })
    return { type, body: { sequence: 0 } }
  }
  if (event.type === 'RichContentEvent') await checkImages(settings, accountId, event.content)
  if (event.type === 'ContentEvent' && event.contentType === 'hosted/file') {
    const { relativePath } = event.message
    const ownerIds = idsOf(reader.userId, conversation)
    await files.attachFile(accountId, { relativePath, ownerIds, conversationId })
  }
  const metadata = metadataOf(request)
  const encodedMetadata =
    request.encodedMetadata === undefined
      ? undefined
      : parsePart(messaging.EncodedMetadata, request.encodedMetadata, ['encodedMetadata'])
  const publication: ClientPublication = {
    conversationId,
    dialogId,
    event,
    ...(metadata && { metadata }),
    encodedMetadata,
    audience: messageAudience,
    requestId: String(request.id),
    isRelayed: session.side === 'consumer' && session.isRelayed,
  }
  const { sequence } = await conversations.publish(accountId, reader, publication)
  return { type, body: { sequence } }
}

/** A consumer may have uploaded a file before it signed in. */
function idsOf(userId: string, { consumerId, formerConsumerIds }: ConversationState): string[] {
  return userId === consumerId ? [userId, ...formerConsumerIds] : [userId]
}
