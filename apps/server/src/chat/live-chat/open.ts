import { ChatSettings } from '@parley/contract'
import { z } from 'zod'
import type { Http } from '#base/http'
import { batchReads } from '#chat/mail'
import { openAccountDocument } from '#chat/transcripts'
import { agentChatRoutes } from './agent-routes.ts'
import { consumerChatRoutes } from './consumer-routes.ts'
import type { ChatDeps, ChatRoom } from './deps.ts'
import { endSilentChat } from './end-chat.ts'
import { eraseChatsEndedBefore } from './erase-chats.ts'
import { openEventStreams } from './event-streams.ts'
import { openChatFeed } from './feed.ts'
import { type ChatKey, nameOfChat } from './repository.ts'
import { CHAT_SILENCE } from './silence-timer.ts'
import { startLimit } from './start-limit.ts'
import { transcriptChats } from './transcript-chat.ts'

export interface LiveChat extends Disposable {
  mount(http: Http): void
  /** Erases the ended chats of which nothing is to be kept any longer. */
  eraseEndedBefore(accountId: string, before: number): Promise<void>
  /** Ends the event streams of this node. To be called before the server waits for its running requests. */
  endStreams(): void
}

/** The live-chat channel. Its chats are no messaging conversations: other events, other rules, another survey. */
export function openChat(deps: ChatDeps): LiveChat {
  const settings = openAccountDocument(deps, 'chat-settings', ChatSettings)
  const feed = openChatFeed(deps.store)
  const streams = openEventStreams(deps)
  const room: ChatRoom = { ...deps, settings, feed, starts: startLimit(deps.clock) }
  deps.delivery.onTimer({
    kind: CHAT_SILENCE,
    facts: z.object({ chatId: z.string() }),
    fire: (timer) => endSilentChat(room, timer),
  })
  const { db } = deps.store
  const readChat = batchReads(deps, nameOfChat, (keys: ChatKey[]) => transcriptChats(db, keys))
  deps.transcripts.readChatsWith((accountId, chatId) => readChat({ accountId, chatId }))
  return {
    mount(http) {
      consumerChatRoutes(http, room, streams)
      agentChatRoutes(http, room, streams)
    },
    eraseEndedBefore: (accountId, before) => eraseChatsEndedBefore(room, accountId, before),
    endStreams: () => streams[Symbol.dispose](),
    [Symbol.dispose]() {
      streams[Symbol.dispose]()
      feed[Symbol.dispose]()
      settings[Symbol.dispose]()
    },
  }
}
