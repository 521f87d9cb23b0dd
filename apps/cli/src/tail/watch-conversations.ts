import { setTimeout as sleep } from 'node:timers/promises'
import { call, RequestError, type Session } from '@parley/client'
import {
  type ConversationSummary,
  getCaller,
  getChat,
  getConversation,
  listConversations,
  streamUpdates,
  Update,
} from '@parley/contract'
import { openEventStream } from '../event-stream.ts'
import { openRunNews, type RunNews } from './read-run-news.ts'
import { openTimelineNews } from './read-timeline-news.ts'
import type { WatchOptions } from './activity.ts'
import { nextSession } from './next-session.ts'

/** Before a lost stream is taken up again. */
const PAUSE_MS = 500
/** So many of the newest conversations are read when the server cannot say which have changed. */
const MAX_READ = 200

/**
 * Follows the stream of updates, and reads the timelines of the conversations that it names, and the runs that are in none of them,
 * until `signal` aborts. What happens while the server does not answer is read afterwards.
 */
export async function watchConversations(
  session: () => Promise<Session>,
  { filter, signal, show, ready, lost, back }: WatchOptions,
): Promise<void> {
  let current = await session()
  const { conversationId, functionId } = filter
  const { permissions } = await call(current, getCaller)
  const topics: Update['topic'][] = functionId === undefined ? ['conversations'] : []
  if (functionId !== undefined || permissions.includes('record:read')) topics.push('runs')

  let isChat = false
  async function newest(): Promise<ConversationSummary[]> {
    if (conversationId === undefined) {
      return (await call(current, listConversations, { query: { limit: MAX_READ } })).conversations
    }
    if (isChat) return []
    return [await call(current, getConversation, { params: { conversationId } })]
  }

  let news: ReturnType<typeof openTimelineNews> | undefined
  let runs: RunNews | undefined
  /**
   * What is there already counts as shown.
   * @param at in milliseconds of domain time
   */
  async function begin(at: number): Promise<void> {
    isChat = conversationId !== undefined && (await isLiveChat(current, conversationId))
    const of = { functionId, ...(isChat && { conversationId }) }
    if (topics.includes('runs')) runs = await openRunNews(() => current, at, of, show)
    const found = await newest()
    const since = Math.max(0, ...found.map(({ updatedAt }) => Date.parse(updatedAt)))
    news = openTimelineNews(() => current, since, filter, show)
    for (const one of found) {
      if (Date.parse(one.updatedAt) >= since) await read(one.conversationId, { silently: true })
    }
    ready?.()
  }

  /** Resolves with whether the user can see the conversation. */
  async function read(id: string, options?: { silently: boolean }): Promise<boolean> {
    try {
      await news?.read(id, options)
      return true
    } catch (error) {
      // Erased, out of the user's sight, or a live chat.
      if (isNotFound(error)) return false
      throw error
    }
  }

  async function take({ topic, id, conversationId: ofRun }: Update): Promise<void> {
    if (topic === 'conversations' && id !== undefined) {
      await read(id)
    } else if (id !== undefined) {
      if (ofRun !== undefined && (await read(ofRun))) return
      await runs?.read({ functionId: id, conversationId: ofRun })
    } else {
      // The oldest first, as they happened.
      for (const one of (await newest()).toReversed()) await read(one.conversationId)
      if (topic !== 'runs') return
      if (conversationId === undefined) await runs?.read({ functionId })
      else if (isChat) await runs?.read({ functionId, conversationId })
    }
  }

  let after: string | undefined
  async function follow(): Promise<void> {
    const query = { topics, conversationId, functionId, after }
    for await (const event of await openEventStream(current, streamUpdates, query, signal)) {
      if (event.event === 'changed') await take(Update.parse(event.content))
      else if (event.event === 'ready') {
        if (!news) await begin(Number(event.id))
        back()
      }
      // Only now: what was not read is told again.
      after = event.id ?? after
    }
  }

  while (!signal.aborted) {
    try {
      await follow()
    } catch (error) {
      if (signal.aborted) return
      if (!news) throw error
      current = await nextSession(error, current, session)
      if (!(error instanceof RequestError && error.status === 401)) lost(error)
    }
    // The signal ends the pause, too.
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * Whether an id is that of a live chat, which has runs and logs, but no timeline as conversations have it.
 * @throws {RequestError} 404 where the user can see neither a conversation nor a chat of this id
 */
async function isLiveChat(session: Session, id: string): Promise<boolean> {
  try {
    await call(session, getConversation, { params: { conversationId: id } })
    return false
  } catch (unknown) {
    if (!isNotFound(unknown)) throw unknown
    await call(session, getChat, { params: { chatId: id } }).catch((error: unknown) => {
      throw isNotFound(error) ? unknown : error
    })
    return true
  }
}

function isNotFound(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status === 404
}
