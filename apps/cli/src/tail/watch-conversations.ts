import { setTimeout as sleep } from 'node:timers/promises'
import { call, RequestError, type Session } from '@parley/client'
import { type ConversationSummary, getConversation, listConversations } from '@parley/contract'
import { openTimelineNews } from './read-timeline-news.ts'
import type { WatchOptions } from './activity.ts'

const EVERY_MS = 500
/** So many of the newest conversations are watched, unless one is named. */
const WATCHED = 200

/**
 * Asks for conversations again and again, and reads the timelines of those that have changed, until `signal` aborts. What
 * happens while the server does not answer is read afterwards.
 */
export async function watchConversations(
  session: () => Promise<Session>,
  { filter, signal, show, ready, lost, back }: WatchOptions,
): Promise<void> {
  let current = await session()
  const before = new Map<string, string>()

  async function summaries(): Promise<ConversationSummary[]> {
    const { conversationId } = filter
    if (conversationId === undefined) {
      return (await call(current, listConversations, { query: { limit: WATCHED } })).conversations
    }
    return [await call(current, getConversation, { params: { conversationId } })]
  }

  const first = await summaries()
  const since = Math.max(0, ...first.map(({ updatedAt }) => Date.parse(updatedAt)))
  const news = openTimelineNews(() => current, since, filter, show)
  for (const one of first) {
    before.set(one.conversationId, JSON.stringify(one))
    if (Date.parse(one.updatedAt) >= since) await news.read(one.conversationId, { silently: true })
  }
  ready?.()

  async function readChanged(): Promise<void> {
    const found = await summaries()
    // The oldest first, as they happened.
    for (const one of found.toReversed()) {
      const text = JSON.stringify(one)
      if (before.get(one.conversationId) === text) continue
      await news.read(one.conversationId)
      before.set(one.conversationId, text)
    }
    const listed = new Set(found.map(({ conversationId }) => conversationId))
    for (const id of before.keys()) if (!listed.has(id)) before.delete(id)
  }

  while (!signal.aborted) {
    try {
      await readChanged()
      back()
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof RequestError && error.status === 403) throw error
      if (error instanceof RequestError && error.status === 401) current = await session()
      else lost(error)
    }
    // The signal ends the pause, too.
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
