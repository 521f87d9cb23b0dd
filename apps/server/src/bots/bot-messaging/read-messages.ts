import { BOT_FILE_PLACEHOLDER, type StoredMessage } from '@parley/contract'
import type { BotAgent, BotConversation, HeardMessage } from '#bots/bot-agents'
import type { Reading } from '#messaging/reading'

const CONTENT = new Set(['ContentEvent', 'RichContentEvent'])
/** Of what has piled up one turn takes so much; the rest is for the next one. */
const MAX_READ = 500

/** What the consumer has written in MAIN from a sequence on, oldest first. */
export async function readMessages(
  { reading }: { reading: Pick<Reading, 'readMessages'> },
  accountId: string,
  { userId, pid }: Pick<BotAgent, 'userId' | 'pid'>,
  { conversationId }: BotConversation,
  from: number,
): Promise<HeardMessage[]> {
  // MAIN has the id of its conversation.
  const range = { conversationId, dialogId: conversationId, from, limit: MAX_READ }
  const read = await reading.readMessages(accountId, { kind: 'system', userId, pid }, range)
  return read
    .filter(({ originator, event }) => originator.role === 'CONSUMER' && CONTENT.has(event.type))
    .map(heard)
}

function heard(message: StoredMessage): HeardMessage {
  const { sequence, at, event } = message
  const isCard = event.type === 'RichContentEvent'
  return {
    sequence,
    at,
    text: textOf(message),
    ...(isCard && { card: event['content'] }),
    raw: rawMessage(message),
  }
}

/** Files as their placeholder; cards have no text. */
function textOf({ event }: StoredMessage): string {
  if (event.type !== 'ContentEvent') return ''
  const message = event['message']
  return typeof message === 'string' ? message : BOT_FILE_PLACEHOLDER
}

function rawMessage(message: StoredMessage): Record<string, unknown> {
  const { originator, clientProperties, metadata } = message
  return {
    sequence: message.sequence,
    originatorId: originator.pid,
    originatorMetadata: {
      id: originator.pid,
      role: originator.role,
      ...(clientProperties && { clientProperties }),
    },
    serverTimestamp: message.at,
    event: message.event,
    dialogId: message.dialogId,
    conversationId: message.conversationId,
    metadata: metadata ?? null,
    messageAudience: message.audience,
  }
}
