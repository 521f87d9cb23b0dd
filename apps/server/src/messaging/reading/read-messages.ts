import type { ConversationState, StoredMessage } from '@parley/contract'
import { charactersOf } from './characters-of.ts'
import type { ReadingDeps } from './deps.ts'
import { maySeeMessage, type Reader } from './may-see.ts'
import type { ReadingBudget } from './reading-budget.ts'
import * as repository from './repository.ts'

/** A card may have 250,000 characters: no more messages are asked for at once. */
const PAGE = 100
/** Of one answer to a client: it has to be made, and read, as a whole. */
const MAX_CHARACTERS = 5_000_000

export interface ReadMessages {
  messages: StoredMessage[]
  /** Whether these are all that were asked for: else they are the first of too many, or of too long ones. */
  isWhole: boolean
}

/** Messages of a dialog from a sequence on, to another one inclusive: so many of those that the reader may see. */
export async function readMessages(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  reader: Reader,
  { limit = Infinity, ...range }: MessageRange,
): Promise<ReadMessages> {
  const isPublicOnly = reader.kind === 'consumer'
  const most = Math.min(limit, repository.MAX_MESSAGES)
  const budget = { characters: MAX_CHARACTERS }
  const read = await readPages(store.db, accountId, { ...range, isPublicOnly, limit: most }, budget)
  const isCut = read.messages.length === most && limit > most
  return { ...read, isWhole: read.isWhole && !isCut }
}

interface MessageRange {
  conversationId: string
  dialogId: string
  from: number
  to?: number
  limit?: number
}

/** Page by page, until the budget is used up. */
async function readPages(
  db: ReadingDeps['store']['db'],
  accountId: string,
  { limit, ...range }: MessageRange & { limit: number; isPublicOnly?: boolean },
  budget: ReadingBudget,
): Promise<ReadMessages> {
  const messages: StoredMessage[] = []
  for (let { from } = range; messages.length < limit;) {
    if (budget.characters <= 0) return { messages, isWhole: false }
    const asked = Math.min(PAGE, limit - messages.length)
    const page = await repository.listMessages(db, accountId, { ...range, from, limit: asked })
    for (const message of page) {
      if (budget.characters <= 0) return { messages, isWhole: false }
      budget.characters -= charactersOf(message)
      messages.push(message)
    }
    if (page.length < asked) break
    from = (page.at(-1)?.sequence ?? from) + 1
  }
  return { messages, isWhole: true }
}

/**
 * Messages of a conversation, private ones too: dialog by dialog, in the order in which the dialogs began. Of a dialog 10,000 at most, and of all
 * `limit`, as far as the budget goes; `isWhole` says whether these are all.
 */
export async function readAllMessages(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  { conversationId, dialogs }: ConversationState,
  { limit, budget }: { limit: number; budget: ReadingBudget },
): Promise<ReadMessages> {
  let left = limit
  const lists = await Promise.all(
    dialogs
      .toSorted((a, b) => a.openedAt - b.openedAt)
      .map(({ dialogId, nextSequence }) => {
        const own = Math.min(nextSequence, left, repository.MAX_MESSAGES)
        left -= own
        const range = { conversationId, dialogId, from: 0, limit: own }
        return readPages(store.db, accountId, range, budget)
      }),
  )
  const all = dialogs.reduce((sum, { nextSequence }) => sum + nextSequence, 0)
  const isWhole = limit - left === all && lists.every((list) => list.isWhole)
  return { messages: lists.flatMap(({ messages }) => messages), isWhole }
}

/** Messages of all dialogs of a conversation that the reader may see, private ones as far as it may. Oldest first. */
export async function readMessagesByTime(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  reader: Reader,
  conversationId: string,
  range: repository.TimeRange<repository.MessagePlace>,
): Promise<StoredMessage[]> {
  const messages = await repository.listMessagesByTime(store.db, accountId, conversationId, range)
  return messages.filter((message) => maySeeMessage(reader, message))
}

/** The message that a client's request has stored. */
export function findMessageByKey(
  { store }: Pick<ReadingDeps, 'store'>,
  accountId: string,
  requestKey: string,
): Promise<StoredMessage | undefined> {
  return repository.findMessageByKey(store.db, accountId, requestKey)
}
