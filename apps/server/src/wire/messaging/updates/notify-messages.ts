import { unlessGone } from '#base/kit'
import { messageOf } from '#base/kernel'
import type { ConversationState, StoredMessage } from '@parley/contract'
import { boundedList } from '#base/bounds'
import { type ConversationUpdate, maySee, maySeeMessage } from '#messaging/reading'
import { messageFrame, type Side } from '#wire/messaging/format'
import { endLate, HELD } from './bounds.ts'
import type { Deps } from './deps.ts'
import { isParticipating } from './is-participating.ts'
import type { Notifier } from './notifier.ts'
import type { Cursor, Session } from './session.ts'

export const messageNotifier: Notifier = {
  conversationUpdated(update) {
    const frames = messageFrames()
    return (session) => notifyMessages(session, update, frames)
  },
  catchUp: sendMissedMessages,
}

/** The frames of messages: one for each message and side, however many sessions get it. */
interface MessageFrames {
  of(session: Session, message: StoredMessage): string
}

function messageFrames(): MessageFrames {
  const frames = new Map<StoredMessage, Partial<Record<Side, string>>>()
  return {
    of(session, message) {
      const bySide = frames.get(message) ?? {}
      frames.set(message, bySide)
      return (bySide[session.side] ??= messageFrame(session, message))
    },
  }
}

/** Sends later messages of a dialog to which the session has just subscribed: those that were held meanwhile. */
export function notifyHeldMessages(session: Session, update: ConversationUpdate): void {
  notifyMessages(session, update, messageFrames())
}

/** Consumers get the messages of dialogs that they subscribed to. Agents also get those of dialogs that they are in. */
function notifyMessages(session: Session, update: ConversationUpdate, frames: MessageFrames): void {
  // A subscriber loses the right to see a conversation when that goes to another skill.
  if (update.messages.length === 0 || !maySee(session.reader, update.state)) return
  for (const message of update.messages) {
    const cursor = session.cursors?.get(message.dialogId)
    if (cursor?.held) {
      if (!cursor.held.push(message)) endLate(session)
      continue
    }
    if (!cursor && !isParticipating(session, update.state, message.dialogId)) continue
    notifyMessage(session, cursor, message, frames)
  }
}

function notifyMessage(
  session: Session,
  cursor: Cursor | undefined,
  message: StoredMessage,
  frames: MessageFrames,
): void {
  if (cursor && message.sequence < cursor.next) return
  if (cursor) cursor.next = message.sequence + 1
  if (!maySeeMessage(session.reader, message)) return
  session.connection.send(frames.of(session, message))
}

/**
 * Sends what a client has not got yet of a dialog that it follows, no faster than it reads, and then what was held meanwhile. Where the
 * client has asked for the dialog anew, that request sends the rest.
 */
async function sendRest(
  { reading }: Pick<Deps, 'reading'>,
  session: Session,
  { dialogId, state, cursor }: { dialogId: string; state: ConversationState; cursor: Cursor },
): Promise<void> {
  const { accountId, reader, connection } = session
  const { conversationId } = state
  let isWhole: boolean
  let isSeen: boolean
  do {
    const frames = messageFrames()
    const range = { conversationId, dialogId, from: cursor.next }
    const page = await reading.readMessages(accountId, reader, range)
    isWhole = page.isWhole
    for (const message of page.messages) {
      if (session.cursors?.get(dialogId) !== cursor) return
      notifyMessage(session, cursor, message, frames)
      await connection.whenRead()
    }
    const now = reading.peekConversation(accountId, conversationId)?.state ?? state
    isSeen = maySee(reader, now)
  } while (isSeen && !isWhole && connection.isOpen)
  const messages = cursor.held?.items ?? []
  cursor.held = undefined
  cursor.isCatchingUp = false
  const update = { accountId, conversationId, version: 0, state, messages }
  notifyMessages(session, update, messageFrames())
}

/** Sends all later messages of a dialog of which the session has just been answered the first ones, and goes on with new ones. */
export async function notifyLaterMessages(
  deps: Pick<Deps, 'reading' | 'logger'>,
  session: Session,
  dialog: { dialogId: string; state: ConversationState; cursor: Cursor },
): Promise<void> {
  dialog.cursor.isCatchingUp = true
  try {
    await sendRest(deps, session, dialog)
  } catch (error) {
    deps.logger.warn({ err: error }, `Messages of a dialog not sent: ${messageOf(error)}`)
    endLate(session)
  }
}

async function sendMissedMessages(deps: Deps, session: Session): Promise<void> {
  const { reading } = deps
  const { accountId, reader } = session
  // Dialogs that are followed meanwhile change what is remembered.
  const followed = [...(session.cursors ?? [])]
  for (const [dialogId, cursor] of followed) {
    if (cursor.held && !cursor.isCatchingUp) continue
    // Messages that come from now on are later than the missed ones. Where reading failed, they are held already.
    cursor.held ??= boundedList(HELD)
    cursor.isCatchingUp = true
    const state = await unlessGone(reading.getConversationOfDialog(accountId, reader, dialogId))
    if (!state) {
      session.cursors?.delete(dialogId)
      continue
    }
    await sendRest(deps, session, { dialogId, state, cursor })
  }
}
