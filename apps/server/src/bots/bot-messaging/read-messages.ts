import { BOT_FILE_PLACEHOLDER, type StoredMessage } from '@parley/contract'
import { sentClientProperties } from '@parley/contract/events'
import type { BotAgent, BotConversation, HeardMessage, UnreadRange } from '#bots/bot-agents'
import type { BotMessagingDeps } from './deps.ts'

const CONTENT = new Set(['ContentEvent', 'RichContentEvent'])
/** So many sequences are asked for at once: agents' messages and receipts are among them. */
const PAGE = 500
/** Who has read so many messages reads no further page: the rest is for the next turn. */
const MANY_READ = 500

type ReadingDeps = Pick<BotMessagingDeps, 'reading'>
type BotReader = Pick<BotAgent, 'userId' | 'pid'>

/** What the consumer has written in MAIN, oldest first. */
export async function readMessages(
  deps: ReadingDeps,
  accountId: string,
  bot: BotReader,
  { conversationId, nextSequence }: BotConversation,
  { from, notBefore }: UnreadRange,
): Promise<HeardMessage[]> {
  const found: HeardMessage[] = []
  for (let first = from; first < nextSequence && found.length < MANY_READ; first += PAGE) {
    const page = await readPage(deps, accountId, bot, conversationId, first)
    found.push(...page.filter(({ at }) => at >= notBefore))
  }
  return found
}

/** What the consumer has written last in MAIN. */
export async function readLastMessage(
  deps: ReadingDeps,
  accountId: string,
  bot: BotReader,
  { conversationId, nextSequence }: BotConversation,
): Promise<HeardMessage | undefined> {
  for (let end = nextSequence; end > 0; end -= PAGE) {
    const page = await readPage(deps, accountId, bot, conversationId, Math.max(0, end - PAGE))
    const last = page.at(-1)
    if (last) return last
  }
  return undefined
}

/** Of a page that begins with this sequence. */
async function readPage(
  { reading }: ReadingDeps,
  accountId: string,
  { userId, pid }: BotReader,
  conversationId: string,
  from: number,
): Promise<HeardMessage[]> {
  // MAIN has the id of its conversation.
  const range = { conversationId, dialogId: conversationId, from, to: from + PAGE - 1 }
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
  const { originator, metadata } = message
  const clientProperties = sentClientProperties(message.clientProperties)
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
