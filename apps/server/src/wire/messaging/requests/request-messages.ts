import { messaging, type StoredMessage } from '@parley/contract'
import { boundedList } from '#base/bounds'
import { ParleyError } from '#base/kernel'
import {
  type Answer,
  formatMessage,
  notificationFrame,
  parseBody,
  type Request,
} from '#wire/messaging/format'
import { type Cursor, HELD, notifyHeldMessages, type Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const MAX_FOLLOWED = 5000
const MESSAGES: AnswerTypes = {
  agent: '.ams.ms.QueryMessages$Response',
  consumer: 'ms.QueryMessagesResponse',
}

/** Answers with the messages so far. A notification follows for each later one. */
export async function queryMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { messages, afterwards } = await follow(deps, session, request)
  return {
    type: MESSAGES[session.side],
    body: messages.map((message) => formatMessage(session, message)),
    afterwards,
  }
}

/** Like `queryMessages`, with the messages so far in a notification after the answer. */
export async function subscribeMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { dialogId, messages, afterwards } = await follow(deps, session, request)
  return {
    type: 'GenericSubscribeResponse',
    body: {},
    afterwards: () => {
      const changes = messages.map((message) => formatMessage(session, message))
      session.connection.send(
        notificationFrame('ms.MessagingEventNotification', { dialogId, changes }),
      )
      afterwards()
    },
  }
}

/** Reads the messages so far, and subscribes to later ones: they are held back until the first have been sent. */
async function follow(
  { reading }: Deps,
  session: Session,
  request: Request,
): Promise<{ dialogId: string; messages: StoredMessage[]; afterwards: () => void }> {
  const { accountId, reader } = session
  const cursors = (session.cursors ??= new Map<string, Cursor>())
  const body = parseBody(messaging.SubscribeMessagesBody, request.body)
  const { dialogId } = body
  const from = Math.max(0, body.fromSeq ?? body.newerThanSequence ?? 0)
  const state = await reading.getConversationOfDialog(
    accountId,
    reader,
    dialogId,
    body.conversationId,
  )
  const { conversationId } = state
  if (cursors.size >= MAX_FOLLOWED && !cursors.has(dialogId)) {
    throw new ParleyError('rate_limited', 'The socket follows too many dialogs')
  }
  const cursor: Cursor = { next: from, held: boundedList(HELD) }
  cursors.set(dialogId, cursor)
  const messages = await reading
    .readMessages(accountId, reader, {
      conversationId,
      dialogId,
      from,
      ...(body.maxQuantity !== undefined && { limit: body.maxQuantity }),
    })
    .catch((error: unknown) => {
      cursors.delete(dialogId)
      throw error
    })
  const afterwards = () => {
    cursor.next = (messages.at(-1)?.sequence ?? from - 1) + 1
    const held = cursor.held?.items ?? []
    cursor.held = undefined
    const update = { accountId, conversationId, version: 0, state, messages: held }
    notifyHeldMessages(session, update)
  }
  return { dialogId, messages, afterwards }
}
