import { unlessGone } from '#base/kit'
import type { StoredMessage } from '@parley/contract'
import { boundedList } from '#base/bounds'
import { type ConversationUpdate, maySee, maySeeMessage } from '#messaging/reading'
import { messageFrame, type Side } from '#wire/messaging/format'
import { endLate, HELD } from './bounds.ts'
import type { Deps } from './deps.ts'
import { isParticipating } from './is-participating.ts'
import type { Notifier } from './notifier.ts'
import type { Session } from './session.ts'

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
    if (cursor && message.sequence < cursor.next) continue
    if (!cursor && !isParticipating(session, update.state, message.dialogId)) continue
    if (cursor) cursor.next = message.sequence + 1
    if (!maySeeMessage(session.reader, message)) continue
    session.connection.send(frames.of(session, message))
  }
}

async function sendMissedMessages({ reading }: Deps, session: Session): Promise<void> {
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
    const { conversationId } = state
    const range = { conversationId, dialogId, from: cursor.next }
    const missed = await reading.readMessages(accountId, reader, range)
    const messages = [...missed, ...cursor.held.items]
    cursor.held = undefined
    cursor.isCatchingUp = false
    const update = { accountId, conversationId, version: 0, state, messages }
    notifyMessages(session, update, messageFrames())
  }
}
