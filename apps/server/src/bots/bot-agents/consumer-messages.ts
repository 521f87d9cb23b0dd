import { BOT_FILE_PLACEHOLDER, type ConversationState, type StoredMessage } from '@parley/contract'
import type { Reading } from '#messaging/reading'
import { mainDialog } from '#messaging/rules'
import type { BotAgent } from './bot-kind.ts'

const CONTENT = new Set(['ContentEvent', 'RichContentEvent'])
/** Of what has piled up one turn takes so much; the rest is for the next one. */
const MAX_READ = 500

/** What the consumer has written in MAIN from a sequence on, oldest first. */
export async function readConsumerMessages(
  reading: Pick<Reading, 'readMessages'>,
  accountId: string,
  { userId, pid }: Pick<BotAgent, 'userId' | 'pid'>,
  state: ConversationState,
  from: number,
): Promise<StoredMessage[]> {
  const { conversationId } = state
  const { dialogId } = mainDialog(state)
  const range = { conversationId, dialogId, from, limit: MAX_READ }
  const read = await reading.readMessages(accountId, { kind: 'system', userId, pid }, range)
  return read.filter(
    ({ originator, event }) => originator.role === 'CONSUMER' && CONTENT.has(event.type),
  )
}

/** Files as their placeholder; cards have no text. Several messages are joined by a blank (`spec/bots.md` 3.1). */
export function textOf(messages: readonly StoredMessage[]): string {
  return messages.map(textOfOne).join(' ')
}

function textOfOne({ event }: StoredMessage): string {
  if (event.type !== 'ContentEvent') return ''
  const message = event['message']
  return typeof message === 'string' ? message : BOT_FILE_PLACEHOLDER
}
