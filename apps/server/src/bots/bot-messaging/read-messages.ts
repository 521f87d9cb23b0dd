import { BOT_FILE_PLACEHOLDER, type StoredMessage } from '@parley/contract'
import { sentClientProperties } from '@parley/contract/events'
import type { BotAgent, BotConversation, HeardMessage, UnreadRange } from '#bots/bot-agents'
import type { BotMessagingDeps } from './deps.ts'

const CONTENT = new Set(['ContentEvent', 'RichContentEvent'])
/** So many sequences are looked through for the last message: agents' messages and receipts are among them. */
const PAGE = 500
/** Who has read so many messages reads no further page: the rest is for the next turn. */
const MANY_READ = 100

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
  for (let first = from; first < nextSequence && found.length < MANY_READ;) {
    const range = { conversationId, from: first, limit: MANY_READ }
    const { messages, next } = await readPage(deps, accountId, bot, range)
    found.push(...messages.filter(({ at }) => at >= notBefore))
    first = next
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
    let last: HeardMessage | undefined
    for (let from = Math.max(0, end - PAGE); from < end;) {
      const page = await readPage(deps, accountId, bot, { conversationId, from, to: end - 1 })
      last = page.messages.at(-1) ?? last
      from = page.next
    }
    if (last) return last
  }
  return undefined
}

interface Page {
  messages: HeardMessage[]
  /** Where the page after it begins. */
  next: number
}

async function readPage(
  { reading }: ReadingDeps,
  accountId: string,
  { userId, pid }: BotReader,
  range: { conversationId: string; from: number; to?: number; limit?: number },
): Promise<Page> {
  // MAIN has the id of its conversation.
  const ofMain = { ...range, dialogId: range.conversationId }
  const { messages } = await reading.readMessages(
    accountId,
    { kind: 'system', userId, pid },
    ofMain,
  )
  const last = messages.at(-1)
  return {
    messages: messages
      .filter(({ originator, event }) => originator.role === 'CONSUMER' && CONTENT.has(event.type))
      .map(heard),
    next: last ? last.sequence + 1 : Infinity,
  }
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
