import { messaging, type StoredMessage } from '@parley/contract'
import { boundedList, boundedMap } from '#base/bounds'
import {
  type Answer,
  formatMessage,
  notificationFrame,
  parseBody,
  type Request,
} from '#wire/messaging/format'
import {
  type Cursor,
  FOLLOWED_DIALOGS,
  HELD,
  notifyHeldMessages,
  type Session,
} from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const MESSAGES: AnswerTypes = {
  agent: '.ams.ms.QueryMessages$Response',
  consumer: 'ms.QueryMessagesResponse',
}

/**
 * Answers with the messages so far. A notification follows for each later one. Where they come already, each goes on coming, also one
 * that is in this answer: another part of the client may wait for it.
 */
export async function queryMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { messages, former, goOn, readTo } = await follow(deps, session, request)
  return {
    type: MESSAGES[session.side],
    body: messages.map((message) => formatMessage(session, message)),
    afterwards: () => goOn(former ?? readTo),
  }
}

/** Like `queryMessages`, with the messages so far in a notification after the answer, which is the first of the later ones'. */
export async function subscribeMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { dialogId, messages, goOn, readTo } = await follow(deps, session, request)
  return {
    type: 'GenericSubscribeResponse',
    body: {},
    afterwards: () => {
      const changes = messages.map((message) => formatMessage(session, message))
      session.connection.send(
        notificationFrame('ms.MessagingEventNotification', { dialogId, changes }),
      )
      goOn(readTo)
    },
  }
}

interface Followed {
  dialogId: string
  messages: StoredMessage[]
  /** The sequence after the last of them. */
  readTo: number
  /** The next one to be notified of, where the session followed the dialog before. */
  former: number | undefined
  /** Notifies of messages from this sequence on. */
  goOn(next: number): void
}

/** Reads the messages so far, and subscribes to later ones: they are held back until `goOn`. */
async function follow({ reading }: Deps, session: Session, request: Request): Promise<Followed> {
  const { accountId, reader } = session
  const cursors = (session.cursors ??= boundedMap(FOLLOWED_DIALOGS))
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
  const former = cursors.get(dialogId)?.next
  const cursor: Cursor = { next: former ?? from, held: boundedList(HELD) }
  cursors.set(dialogId, cursor)
  const goOn = (next: number) => {
    const held = cursor.held?.items ?? []
    cursor.next = next
    cursor.held = undefined
    const update = { accountId, conversationId, version: 0, state, messages: held }
    notifyHeldMessages(session, update)
  }
  const messages = await reading
    .readMessages(accountId, reader, {
      conversationId,
      dialogId,
      from,
      ...(body.maxQuantity !== undefined && { limit: body.maxQuantity }),
    })
    .catch((error: unknown) => {
      // As if nothing had been asked.
      if (former === undefined) cursors.delete(dialogId)
      goOn(cursor.next)
      throw error
    })
  const readTo = (messages.at(-1)?.sequence ?? from - 1) + 1
  return { dialogId, messages, readTo, former, goOn }
}
