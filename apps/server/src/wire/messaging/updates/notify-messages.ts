import type { ConversationState, StoredMessage } from '@parley/contract'
import { type ChatState, type ConversationUpdate, maySee, maySeeMessage } from '#messaging/reading'
import {
  agentChatState,
  agentRecord,
  consumerChatState,
  consumerRecord,
  notificationFrame,
  type Side,
} from '#wire/messaging/format'
import type { Session } from './session.ts'

/** One frame for each message and side, whichever number of sockets gets it. */
export interface MessageFrames {
  of(side: Side, message: StoredMessage): string
}

export function messageFrames(accountId: string): MessageFrames {
  const frames = new Map<StoredMessage, Partial<Record<Side, string>>>()
  return {
    of(side, message) {
      const known = frames.get(message) ?? {}
      frames.set(message, known)
      known[side] ??=
        side === 'agent'
          ? notificationFrame('.ams.ms.OnlineEventDistribution', agentRecord(accountId, message))
          : notificationFrame('ms.MessagingEventNotification', {
              dialogId: message.dialogId,
              changes: [consumerRecord(message)],
            })
      return known[side]
    },
  }
}

/** Consumers hear of the dialogs that they subscribed to; agents of those that they are in, too. */
export function notifyMessages(
  session: Session,
  update: ConversationUpdate,
  frames: MessageFrames,
): void {
  // Whoever followed a conversation may have lost the right to: it has gone to another skill.
  if (update.messages.length === 0 || !maySee(session.reader, update.state)) return
  for (const message of update.messages) {
    const cursor = session.cursors?.get(message.dialogId)
    if (cursor?.held) {
      cursor.held.push(message)
      continue
    }
    if (cursor && message.sequence < cursor.next) continue
    if (!cursor && !isParticipating(session, update.state, message.dialogId)) continue
    if (cursor) cursor.next = message.sequence + 1
    if (!maySeeMessage(session.reader, message)) continue
    session.connection.send(frames.of(session.side, message))
  }
}

export function notifyChatState(
  session: Session,
  state: ConversationState | undefined,
  chatState: ChatState,
): void {
  const { dialogId } = chatState
  if (state && !maySee(session.reader, state)) return
  const wants =
    session.cursors?.has(dialogId) || (state && isParticipating(session, state, dialogId))
  if (!wants) return
  session.connection.send(
    session.side === 'agent'
      ? notificationFrame(
          '.ams.ms.OnlineEventDistribution',
          agentChatState(session.accountId, chatState),
        )
      : notificationFrame('ms.MessagingEventNotification', {
          dialogId,
          changes: [consumerChatState(chatState)],
        }),
  )
}

function isParticipating(
  { side, reader }: Session,
  { dialogs }: ConversationState,
  dialogId: string,
): boolean {
  if (side === 'consumer') return false
  const dialog = dialogs.find((candidate) => candidate.dialogId === dialogId)
  return (
    dialog?.participants.some(
      ({ userId, state }) => userId === reader.userId && state === 'ACTIVE',
    ) ?? false
  )
}
