import { messaging, type StoredMessage } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import {
  agentRecord,
  type Answer,
  consumerRecord,
  notificationFrame,
  parseBody,
  type Request,
} from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import { type Cursor, messageFrames, notifyMessages, type Session } from '#wire/messaging/updates'

const MAX_FOLLOWED = 5000

/** Answers with the messages so far, and tells of each later one. */
export async function queryMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { messages, afterwards } = await follow(deps, session, request)
  const agent = session.side === 'agent'
  return {
    type: agent ? '.ams.ms.QueryMessages$Response' : 'ms.QueryMessagesResponse',
    body: records(session, messages),
    afterwards,
  }
}

/** The same, with the messages so far in a notification. */
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
      const changes = records(session, messages)
      session.connection.send(
        notificationFrame('ms.MessagingEventNotification', { dialogId, changes }),
      )
      afterwards()
    },
  }
}

function records(session: Session, messages: readonly StoredMessage[]): object[] {
  return session.side === 'agent'
    ? messages.map((message) => agentRecord(session.accountId, message))
    : messages.map(consumerRecord)
}

/** Reads what there is; what comes meanwhile is held back until that has been sent. */
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
  const cursor: Cursor = { next: from, held: [] }
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
    const held = cursor.held ?? []
    cursor.held = undefined
    const news = { accountId, conversationId, version: 0, state, messages: held }
    notifyMessages(session, news, messageFrames(accountId))
  }
  return { dialogId, messages, afterwards }
}
