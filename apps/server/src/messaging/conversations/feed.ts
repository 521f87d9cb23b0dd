import type { ConversationState, Originator, StoredMessage } from '@parley/contract'
import { z } from 'zod'
import { slotHolders } from '#messaging/rules'
import type { Logger } from '#base/kernel'
import type { Store } from '#base/store'
import type { Documents } from './documents.ts'
import { boundedMap, openKeyedQueue } from '#base/kit'
import { findConversation, listMessages } from './repository.ts'

/** A conversation after a commit: its newest state and the messages that came with it. */
export interface News {
  accountId: string
  conversationId: string
  version: number
  state: ConversationState
  messages: readonly StoredMessage[]
}

/** Somebody types, or comes and goes. Never stored, so never numbered. */
export interface ChatState {
  accountId: string
  conversationId: string
  dialogId: string
  originator: Originator
  event: { type: 'ChatStateEvent'; chatState: string }
}

export interface FeedListener {
  news(news: News): void
  chatState(chatState: ChatState): void
  /** Other nodes' news may have been missed: what is being shown has to be read again. */
  resync(): void
}

/**
 * Tells listeners on every node what was committed: this node at once, the others by ids, which they read. Versions
 * of one conversation never run backwards, and no message of a dialog is left out or told twice.
 */
export interface Feed extends Disposable {
  publish(news: News): void
  publishChatState(chatState: ChatState): void
  hear(listener: FeedListener): Disposable
  resync(): void
  /** Says that somebody on this node listens for this account: other accounts' news from other nodes are not read. */
  watch(accountId: string): Disposable
}

const CHANNEL = 'conversations'
const CHAT_STATES = 'chat_states'
const MAX_REMEMBERED = 50_000
const MAX_MESSAGES_READ = 10_000

const Notice = z.object({
  node: z.string(),
  accountId: z.string(),
  conversationId: z.string(),
  version: z.number(),
  /** First and last sequence by dialog. */
  messages: z.record(z.string(), z.tuple([z.number(), z.number()])),
})
type Notice = z.infer<typeof Notice>

/** What this node has told its listeners about a conversation. */
interface Told {
  version: number
  nextSequence: Map<string, number>
}

export function openFeed({
  store,
  documents,
  nodeId,
  logger,
}: {
  store: Store
  documents: Documents
  nodeId: string
  logger: Logger
}): Feed {
  const listeners = new Set<FeedListener>()
  const watchers = new Map<string, number>()
  const told = boundedMap<string, Told>(MAX_REMEMBERED)
  const queue = openKeyedQueue()

  function remember(key: string, firstNews: News): Told {
    const known = told.get(key)
    if (known) return known
    const fresh = { version: 0, nextSequence: new Map<string, number>() }
    for (const { dialogId, sequence } of firstNews.messages.toReversed()) {
      fresh.nextSequence.set(dialogId, sequence)
    }
    told.set(key, fresh)
    return fresh
  }

  function tell(news: News): void {
    for (const listener of listeners) listener.news(news)
  }

  /** Adds what another node committed before and this one has not heard of yet, leaves out what was told. */
  async function completed(memory: Told, news: News): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for (const message of news.messages) {
      const { dialogId, sequence } = message
      const next = memory.nextSequence.get(dialogId) ?? 0
      if (sequence < next) continue
      if (sequence > next) {
        const { conversationId } = news
        const range = { conversationId, dialogId, from: next, to: sequence - 1 }
        const limit = MAX_MESSAGES_READ
        messages.push(...(await listMessages(store.db, news.accountId, { ...range, limit })))
      }
      messages.push(message)
      memory.nextSequence.set(dialogId, sequence + 1)
    }
    return messages
  }

  /** A later state has been told already: whatever comes with it must not bring an earlier one back. */
  async function newest({ accountId, conversationId }: News) {
    return (
      documents.peek(accountId, conversationId) ??
      (await findConversation(store.db, accountId, conversationId))
    )
  }

  async function deliver(news: News): Promise<void> {
    const memory = remember(`${news.accountId}/${news.conversationId}`, news)
    const messages = await completed(memory, news)
    const isNewest = news.version > memory.version
    if (isNewest) memory.version = news.version
    if (isNewest) tell({ ...news, messages })
    else if (messages.length > 0) tell({ ...news, ...(await newest(news)), messages })
  }

  function enqueue(accountId: string, conversationId: string, work: () => Promise<void>): void {
    queue.run(`${accountId}/${conversationId}`, work).catch((error: unknown) => {
      // The next news of the conversation closes the gap that this leaves.
      logger.warn({ err: error, accountId, conversationId }, 'News of a conversation not delivered')
    })
  }

  async function readNotice(notice: Notice): Promise<void> {
    const { accountId, conversationId, version } = notice
    const known = documents.peek(accountId, conversationId)
    const isBehind = !known || known.version < version
    if (isBehind) documents.forget('conversation', accountId, conversationId)
    if (!watchers.has(accountId)) return
    const newest = isBehind ? await findConversation(store.db, accountId, conversationId) : known
    if (!newest) return
    documents.keep('conversation', accountId, conversationId, newest)
    // A slot is given or taken in the same commit.
    for (const userId of [...slotHolders(known?.state), ...slotHolders(newest.state)]) {
      documents.forget('agent', accountId, userId)
    }
    const messages: StoredMessage[] = []
    for (const [dialogId, [from, to]] of Object.entries(notice.messages)) {
      const range = { conversationId, dialogId, from, to }
      const limit = MAX_MESSAGES_READ
      messages.push(...(await listMessages(store.db, accountId, { ...range, limit })))
    }
    await deliver({ accountId, conversationId, ...newest, messages })
  }

  const notices = store.onNotify(CHANNEL, (payload) => {
    const notice = Notice.parse(JSON.parse(payload))
    if (notice.node === nodeId) return
    enqueue(notice.accountId, notice.conversationId, () => readNotice(notice))
  })
  const chatStates = store.onNotify(CHAT_STATES, (payload) => {
    const { node, ...chatState } = JSON.parse(payload) as ChatState & { node: string }
    if (node === nodeId || !watchers.has(chatState.accountId)) return
    for (const listener of listeners) listener.chatState(chatState)
  })

  return {
    publish(news) {
      const { accountId, conversationId, version } = news
      enqueue(accountId, conversationId, () => deliver(news))
      store.notify(
        CHANNEL,
        JSON.stringify({
          node: nodeId,
          accountId,
          conversationId,
          version,
          messages: rangesOf(news.messages),
        } satisfies Notice),
      )
    },
    publishChatState(chatState) {
      for (const listener of listeners) listener.chatState(chatState)
      store.notify(CHAT_STATES, JSON.stringify({ node: nodeId, ...chatState }))
    },
    resync() {
      told.clear()
      for (const listener of listeners) listener.resync()
    },
    hear(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    watch(accountId) {
      watchers.set(accountId, (watchers.get(accountId) ?? 0) + 1)
      return {
        [Symbol.dispose]: () => {
          const left = (watchers.get(accountId) ?? 1) - 1
          if (left === 0) watchers.delete(accountId)
          else watchers.set(accountId, left)
        },
      }
    },
    [Symbol.dispose]: () => {
      notices[Symbol.dispose]()
      chatStates[Symbol.dispose]()
    },
  }
}

function rangesOf(messages: readonly StoredMessage[]): Record<string, [number, number]> {
  const ranges: Record<string, [number, number]> = {}
  for (const { dialogId, sequence } of messages) {
    ranges[dialogId] = [ranges[dialogId]?.[0] ?? sequence, sequence]
  }
  return ranges
}
