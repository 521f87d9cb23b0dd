import type { ConversationSummary, listConversations, WholeConversation } from '@parley/contract'
import type * as z from 'zod'
import { invalid } from '#base/kernel'
import { summaryOfChat } from './chat-summary.ts'
import { readCursor, searchWords, writeCursor } from '#base/kit'
import type { HistoryDeps } from './deps.ts'
import { summaryOf, wholeOf } from './shapes.ts'
import type { Viewer } from './viewer.ts'

type ListQuery = z.output<typeof listConversations.query>
type Runs = NonNullable<ConversationSummary['runs']>
type Channel = ConversationSummary['channel']

/** The place of a chat says so; an id of its own kind has no dot. */
const CURSOR = /^\d{1,15}\.(chat\.[\w-]{1,64}|[^.]{1,400})$/
const END_OF_TIME = 8.64e15

/** A place in the list, newest first. Of one instant, conversations stand before chats. */
interface Place {
  startedAt: number
  channel: Channel
  id: string
}

interface Found extends Place {
  summary(runs: Runs | undefined): ConversationSummary
}

interface Page {
  found: Found[]
  hasMore: boolean
}

/** One page of what the viewer may see, the newest first. */
export async function listSummaries(
  deps: HistoryDeps,
  accountId: string,
  viewer: Viewer,
  query: ListQuery,
): Promise<{ conversations: ConversationSummary[]; next?: string }> {
  const { channel, after, limit, visitorId } = query
  if (visitorId !== undefined && channel !== 'chat') {
    throw invalid('query.visitorId', 'needs `channel=chat`')
  }
  const place = after === undefined ? undefined : placeOf(after)
  const readers = [
    ...(channel === 'chat' ? [] : [pageConversations]),
    ...(channel === 'messaging' ? [] : [pageChats]),
  ]
  const pages = await Promise.all(
    readers.map((read) => read(deps, accountId, viewer, query, place)),
  )
  // A stable sort: of one instant, the conversations stay before the chats.
  const all = pages.flatMap(({ found }) => found).toSorted((a, b) => b.startedAt - a.startedAt)
  const page = all.slice(0, limit)
  const hasMore = all.length > limit || pages.some((one) => one.hasMore)
  const last = hasMore ? page.at(-1) : undefined
  const runs = viewer.seesRuns
    ? await deps.records.countRunsOf(
        accountId,
        page.map(({ id }) => id),
      )
    : undefined
  return {
    conversations: page.map(({ id, summary }) => summary(runsOf(runs, id))),
    ...(last && { next: nextOf(last) }),
  }
}

async function pageConversations(
  { reading, people }: HistoryDeps,
  accountId: string,
  { reader }: Viewer,
  query: ListQuery,
  place: Place | undefined,
): Promise<Page> {
  const { state, skillId, agentId, consumerId, consumer, text, limit } = query
  const isBehindChat = place?.channel === 'chat'
  const { found, next } = await reading.pageConversations(accountId, reader, {
    status: state && [state],
    latestSkillIds: skillId,
    agentIds: agentId,
    ...(consumerId !== undefined && { consumerId }),
    consumerLike: consumer,
    texts: text === undefined ? undefined : searchWords(text),
    start: timeOf(query, isBehindChat ? place.startedAt - 1 : undefined),
    after:
      place && !isBehindChat ? { startedAt: place.startedAt, conversationId: place.id } : undefined,
    limit,
  })
  const names = await people.findNames(
    accountId,
    found.map((one) => one.consumerId),
  )
  return {
    found: found.map((one) => ({
      startedAt: one.startedAt,
      channel: 'messaging',
      id: one.conversationId,
      summary: (runs) => summaryOf(one, runs, names.get(one.consumerId)),
    })),
    hasMore: next !== undefined,
  }
}

async function pageChats(
  { chats }: HistoryDeps,
  accountId: string,
  { reader }: Viewer,
  query: ListQuery,
  place: Place | undefined,
): Promise<Page> {
  const { state, skillId, agentId, consumerId, consumer, visitorId, text, limit } = query
  const isBehindConversation = place?.channel === 'messaging'
  const page = await chats.page(accountId, reader, {
    state,
    skillIds: skillId,
    agentIds: agentId,
    consumer: consumerId,
    consumerLike: consumer,
    visitorId,
    texts: text === undefined ? undefined : searchWords(text),
    ...timeOf(query, isBehindConversation ? place.startedAt : undefined),
    after:
      place && !isBehindConversation ? { startedAt: place.startedAt, chatId: place.id } : undefined,
    limit,
  })
  return {
    found: page.chats.map((one) => ({
      startedAt: one.state.startedAt,
      channel: 'chat',
      id: one.state.chatId,
      summary: (runs) => summaryOfChat(one, runs),
    })),
    hasMore: page.hasMore,
  }
}

/** Both ends are inclusive; that of the query is not. */
function timeOf({ from, to }: ListQuery, latest = END_OF_TIME): { from: number; to: number } {
  return {
    from: from === undefined ? 0 : Date.parse(from),
    to: Math.min(latest, to === undefined ? END_OF_TIME : Date.parse(to) - 1),
  }
}

/** @throws ParleyError `conversation_not_found`, also for one that the viewer may not see */
export async function getWhole(
  deps: HistoryDeps,
  accountId: string,
  { reader, seesRuns }: Viewer,
  conversationId: string,
): Promise<WholeConversation> {
  const state = await deps.reading.getConversation(accountId, reader, conversationId)
  const names = await deps.people.findNames(accountId, [state.consumerId])
  const runs = seesRuns
    ? await deps.records.countRunsOf(accountId, [state.conversationId])
    : undefined
  return wholeOf(state, runsOf(runs, state.conversationId), names.get(state.consumerId))
}

/** Absent for who may not see runs. */
function runsOf(counted: ReadonlyMap<string, Runs> | undefined, id: string): Runs | undefined {
  return counted && (counted.get(id) ?? { total: 0, failed: 0 })
}

function nextOf({ startedAt, channel, id }: Place): string {
  return channel === 'chat' ? writeCursor(startedAt, channel, id) : writeCursor(startedAt, id)
}

function placeOf(cursor: string): Place {
  const [startedAt, ...rest] = readCursor(cursor, CURSOR)
  const channel = rest.length > 1 ? 'chat' : 'messaging'
  return { startedAt: Number(startedAt), channel, id: rest.at(-1) ?? '' }
}
