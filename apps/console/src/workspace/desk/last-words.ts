import { getConversation } from '@parley/contract'
import { ask } from '../../studio/api/server.ts'
import { entryFrom } from './read-frames.ts'
import { AUTOMATIC, type Entry } from './state.ts'
import type { WireRecord } from './wire.ts'

/** Somebody said something at most so many messages ago, or it is not told in one line. */
const RECENT = 20

type Request = <Body>(type: string, body: unknown) => Promise<Body>

/** What was said up to this message, a few messages at most: what people said before what was said automatically. */
export function readRecent(
  request: Request,
  conversationId: string,
  { dialogId, sequence }: Pick<Entry, 'dialogId' | 'sequence'>,
): Promise<WireRecord[]> {
  const newerThanSequence = Math.max(-1, sequence - RECENT)
  return request('.ams.ms.QueryMessages', { dialogId, conversationId, newerThanSequence })
}

/** What a person or a bot said last in a conversation; `undefined` as long as nobody has. */
export async function readLastWords(
  request: Request,
  accountId: string,
  conversationId: string,
): Promise<Entry | undefined> {
  const { lastMessage } = await ask(accountId, getConversation, { params: { conversationId } })
  if (!lastMessage) return undefined
  const records = await readRecent(request, conversationId, lastMessage)
  return records
    .flatMap((record) => entryFrom(record) ?? [])
    .findLast(({ role, isPrivate }) => role !== AUTOMATIC && !isPrivate)
}
