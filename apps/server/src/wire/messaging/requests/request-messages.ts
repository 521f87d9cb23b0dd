import { type ConversationState, messaging, type StoredMessage } from '@parley/contract'
import { boundedList, boundedMap } from '#base/bounds'
import type { ReadMessages } from '#messaging/reading'
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
  notifyLaterMessages,
  type Session,
} from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const MESSAGES: AnswerTypes = {
  agent: '.ams.ms.QueryMessages$Response',
  consumer: 'ms.QueryMessagesResponse',
}

/**
 * Answers with the messages so far, or the first of very many. A notification follows for each later one. Where they come already, each
 * goes on coming, also one that is in this answer: another part of the client may wait for it.
 */
export async function queryMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { messages, former, rest, goOn } = await follow(deps, session, request)
  return {
    type: MESSAGES[session.side],
    body: messages.map((message) => formatMessage(session, message)),
    afterwards: () => goOn(former ?? rest),
  }
}

/** Like `queryMessages`, with the messages so far in a notification after the answer, which is the first of the later ones'. */
export async function subscribeMessages(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { dialogId, messages, rest, goOn } = await follow(deps, session, request)
  return {
    type: 'GenericSubscribeResponse',
    body: {},
    afterwards: () => {
      const changes = messages.map((message) => formatMessage(session, message))
      session.connection.send(
        notificationFrame('ms.MessagingEventNotification', { dialogId, changes }),
      )
      return goOn(rest)
    },
  }
}

/** What a session is to be notified of: the messages from `next` on, of which some are stored already where it `isBehind`. */
interface Rest {
  next: number
  isBehind: boolean
}

interface Followed {
  dialogId: string
  messages: StoredMessage[]
  /** What comes after them. */
  rest: Rest
  /** What was still to come where the session followed the dialog before. */
  former: Rest | undefined
  goOn(rest: Rest): Promise<void>
}

/** Reads the messages so far, and subscribes to later ones: they are held back until `goOn`. */
async function follow(deps: Deps, session: Session, request: Request): Promise<Followed> {
  const { reading } = deps
  const { accountId, reader } = session
  const cursors = (session.cursors ??= boundedMap(FOLLOWED_DIALOGS))
  const body = parseBody(messaging.SubscribeMessagesBody, request.body)
  const { dialogId, maxQuantity = Infinity } = body
  const asked = Math.max(0, body.fromSeq ?? body.newerThanSequence ?? 0)
  const find = () =>
    reading.getConversationOfDialog(accountId, reader, dialogId, body.conversationId)
  let state = await find()
  const { conversationId } = state
  if (asked > endOf(state, dialogId)) {
    reading.documents.forget('conversation', accountId, conversationId)
    state = await find()
  }
  // The database may have lost messages that the client has, and others get their numbers now.
  const from = Math.min(asked, endOf(state, dialogId))
  const before = cursors.get(dialogId)
  const former = before && { next: before.next, isBehind: before.isCatchingUp === true }
  const cursor: Cursor = { next: former?.next ?? from, held: boundedList(HELD) }
  cursors.set(dialogId, cursor)
  const goOn = async ({ next, isBehind }: Rest) => {
    cursor.next = next
    if (isBehind) return await notifyLaterMessages(deps, session, { dialogId, state, cursor })
    const held = cursor.held?.items ?? []
    cursor.held = undefined
    const update = { accountId, conversationId, version: 0, state, messages: held }
    notifyHeldMessages(session, update)
  }
  const range = { conversationId, dialogId, from, limit: maxQuantity }
  const { messages, isWhole } = await readSoFar(reading, session, range).catch(
    async (error: unknown) => {
      // As if nothing had been asked.
      if (!former) cursors.delete(dialogId)
      await goOn(former ?? { next: from, isBehind: false })
      throw error
    },
  )
  const rest = {
    next: (messages.at(-1)?.sequence ?? from - 1) + 1,
    isBehind: !isWhole,
  }
  return { dialogId, messages, rest, former, goOn }
}

/**
 * Reads the messages so far; later ones are held for the session. The database is not asked where this node remembers that there are none: what it
 * remembers is never older than what it has notified of.
 */
async function readSoFar(
  reading: Deps['reading'],
  { accountId, reader }: Session,
  range: { conversationId: string; dialogId: string; from: number; limit: number },
): Promise<ReadMessages> {
  const known = reading.peekConversation(accountId, range.conversationId)?.state
  const dialog = known?.dialogs.find(({ dialogId }) => dialogId === range.dialogId)
  if (dialog && dialog.nextSequence <= range.from) return { messages: [], isWhole: true }
  return await reading.readMessages(accountId, reader, range)
}

/** The number of the next message of a dialog. */
function endOf({ dialogs }: ConversationState, dialogId: string): number {
  return dialogs.find((dialog) => dialog.dialogId === dialogId)?.nextSequence ?? 0
}
