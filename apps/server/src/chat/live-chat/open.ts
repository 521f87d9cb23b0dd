import * as z from 'zod'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { agentChatRoutes } from './agent-routes.ts'
import { consumerChatRoutes } from './consumer-routes.ts'
import type { ChatDeps, OpenLiveChatDeps, Takers } from './deps.ts'
import { changeChat } from './change-chat.ts'
import { end, endSilentChat, followShorterLimits } from './end-chat.ts'
import { erasedConsumer, eraseEndedBefore } from './erase-chats.ts'
import { openEventStreams } from '#base/kit'
import { openChatFeed } from './feed.ts'
import type { Reader } from '#messaging/reading'
import { findSeenChat, whereMaySeeChat } from './chat-sight.ts'
import {
  countServed,
  countServedByAll,
  findChat,
  listAllEntries,
  listOpenChats,
  listServed,
  listServedPage,
  listWaitingFor,
} from './repository.ts'
import { CHAT_SILENCE } from './silence-timer.ts'
import { startLimit } from './start-limit.ts'
import { streamChatsTo } from './stream-chat.ts'
import { followUsers } from './transfer-chat.ts'

/** What bots ask of chats. */
const served = {
  async find({ store }: ChatDeps, accountId: string, chatId: string) {
    return (await findChat(store.db, accountId, chatId))?.state
  },
  list: ({ store }: ChatDeps, accountId: string, chatId: string, from: number) =>
    listAllEntries(store.db, accountId, chatId, from),
  count: ({ store }: ChatDeps, accountId: string, agentId: string) =>
    countServed(store.db, accountId, agentId),
  countAll: ({ store }: ChatDeps, accountId: string) => countServedByAll(store.db, accountId),
  listOpen: ({ store }: ChatDeps, accountId: string, limit: number) =>
    listOpenChats(store.db, accountId, limit),
  listOf: ({ store }: ChatDeps, accountId: string, agentId: string) =>
    listServed(store.db, accountId, agentId),
  listSeen: (
    { store }: ChatDeps,
    accountId: string,
    agentId: string,
    reader: Reader,
    page: { after?: string | undefined; limit: number },
  ) => listServedPage(store.db, accountId, agentId, whereMaySeeChat(reader), page),
  listWaiting: ({ store }: ChatDeps, accountId: string, takers: Takers) =>
    listWaitingFor(store.db, accountId, takers),
  change: changeChat,
  end,
  showTyping({ feed }: ChatDeps, accountId: string, chatId: string): void {
    feed.typing(accountId, chatId, 'AGENT', true)
  },
}

export type LiveChat = ReturnType<typeof openLiveChat>

/** The live-chat channel. Its chats are no messaging conversations: other events, other rules, another survey. */
export function openLiveChat(given: OpenLiveChatDeps) {
  const feed = openChatFeed(given.store)
  const streams = openEventStreams(given)
  const deps: ChatDeps = { ...given, feed, streams, starts: startLimit(given.clock) }
  deps.delivery.onTimer({
    kind: CHAT_SILENCE,
    workers: 'platform',
    facts: z.object({ chatId: z.string() }),
    fire: (timer) => endSilentChat(deps, timer),
    exhausted: 'dead letter',
  })
  followShorterLimits(deps)
  deps.delivery.consume(erasedConsumer(deps))
  followUsers(deps)
  return {
    ...withDeps(deps, { eraseEndedBefore }),
    ...withDeps(deps, { streamChatsTo, findSeenChat }),
    served: withDeps(deps, served),
    routes(http: Http): void {
      consumerChatRoutes(http, deps)
      agentChatRoutes(http, deps)
    },
    /** Ends the event streams of this node. Call it before you wait for running requests: streams never end by themselves. */
    beginStop: () => streams[Symbol.dispose](),
    [Symbol.dispose]() {
      streams[Symbol.dispose]()
      feed[Symbol.dispose]()
    },
  }
}
