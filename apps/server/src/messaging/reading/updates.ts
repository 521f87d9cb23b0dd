import type { StoredMessage } from '@parley/contract'
import { PassingMap, PassingSet } from '#base/kernel'
import { slotHolders } from '#messaging/rules'
import type { Base, Missed } from '#base/store'
import type { Documents } from './documents.ts'
import { boundedMap, declareBound } from '#base/bounds'
import { openKeyedQueue } from '#base/kit'
import { type Notified, openMissedUpdates } from './missed-updates.ts'
import {
  AgentNotification,
  type ChatState,
  ChatStateNotification,
  type ConversationUpdate,
  rangesOf,
  sequencesOf,
  type UpdateFacts,
  UpdateNotification,
} from './notifications.ts'
import { listMessagesSince } from './missed-repository.ts'
import { findConversation, listMessages } from './repository.ts'

/** What a subscriber to updates wants to know of. */
export interface UpdateListener {
  conversationUpdated?(update: ConversationUpdate): void
  chatStateChanged?(chatState: ChatState): void
  /** The availability of an agent may have changed, on whichever node. */
  agentChanged?(accountId: string, userId: string): void
  /** It is gone for good, on whichever node that was asked for. */
  conversationErased?(accountId: string, conversationId: string): void
  /** Which conversations of the account it shows, in which version each. */
  shownConversations?(
    accountId: string,
  ): Iterable<readonly [conversationId: string, version: number]>
  /** Updates of other nodes were missed. Those of conversations have been notified of; all else has to be read again. */
  resync?(accountId: string): void
  /** The database has lost commits: clients may have been sent what is not so any more. */
  rewound?(): void
}

/**
 * Notifies subscribers on every node of what was committed: this node's at once, those of other nodes by ids, which
 * they read. Versions of one conversation never run backwards, and no message of a dialog is left out or repeated.
 */
export interface Updates extends Disposable {
  publish(update: ConversationUpdate): void
  publishChatState(chatState: ChatState): void
  /** The agent's document has been written. */
  publishAgent(accountId: string, userId: string): void
  /** Tells the subscribers of this node alone, after earlier updates: every node hears of an erasure. */
  tellErased(accountId: string, conversationId: string): void
  subscribe(listener: UpdateListener): Disposable
  /** While held, this node reads the account's updates from other nodes. Without a watcher it does not. */
  watch(accountId: string): Disposable
  /** Notifies soon of what was missed: a few accounts at a time, and again until it could be read. */
  resync(missed: Missed): void
}

const UPDATES = 'conversations'
const CHAT_STATES = 'chat_states'
const AGENTS = 'agents'
const MAX_REMEMBERED = declareBound({
  kind: 'map',
  holds: 'conversations whose last notified message is remembered',
  limit: 50_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten: its next update begins with its own messages',
})
const MAX_MESSAGES_READ = 10_000
/** What another node has committed may be notified of so much later: longer is only what all nodes read again. */
const MAX_UNHEARD_MS = 10_000

export function openUpdates({
  store,
  documents,
  logger,
  monotonic,
}: Pick<Base, 'store' | 'logger' | 'monotonic'> & { documents: Documents }): Updates {
  const { nodeId } = store
  const listeners = new PassingSet<UpdateListener>()
  const watchers = new PassingMap<string, { count: number; watch: number }>()
  let lastWatch = 0
  const notified = boundedMap<string, Notified>(MAX_REMEMBERED)
  const queue = openKeyedQueue()

  /** Whoever has the database for itself is the only node. */
  function notifyOthers(channel: string, facts: () => object): void {
    if (!store.isExclusive) store.notify(channel, JSON.stringify({ node: nodeId, ...facts() }))
  }

  /** What is remembered from before the present watch is not told any more: this node has not heard what others committed since. */
  function recall(accountId: string, conversationId: string): Notified | undefined {
    const known = notified.get(`${accountId}/${conversationId}`)
    return known?.watch === watchOf(accountId) ? known : undefined
  }

  /** Absent where there is nobody to hear of: no other node, or nobody here who is told. */
  function watchOf(accountId: string): number | undefined {
    return store.isExclusive ? undefined : watchers.get(accountId)?.watch
  }

  /** Remembers a conversation of which this node tells for the first time. */
  async function begin(update: ConversationUpdate): Promise<Notified> {
    const { accountId, conversationId } = update
    const watch = watchOf(accountId)
    const nextSequence = await firstSequences(update, { mayBeBehind: watch !== undefined })
    const fresh = { version: 0, nextSequence, watch }
    notified.set(`${accountId}/${conversationId}`, fresh)
    return fresh
  }

  /**
   * By dialog, where the notifications of this node begin: with the messages of the update, and with those that other nodes have committed a
   * moment before, but not with what was said long before.
   */
  async function firstSequences(
    { accountId, conversationId, state, messages }: ConversationUpdate,
    { mayBeBehind }: { mayBeBehind: boolean },
  ): Promise<Map<string, number>> {
    const spoken = state.dialogs.filter(({ nextSequence }) => nextSequence > 0)
    const isAsked = mayBeBehind && spoken.length > 0
    const since = state.updatedAt - MAX_UNHEARD_MS
    const recent = isAsked
      ? await listMessagesSince(store.db, accountId, conversationId, since)
      : []
    const begins = [messages, recent].map(sequencesOf)
    return new Map(
      spoken.map(({ dialogId, nextSequence }) => {
        const found = begins.flatMap((sequences) => sequences.get(dialogId) ?? [])
        return [dialogId, Math.min(nextSequence, ...found)]
      }),
    )
  }

  function notify(update: ConversationUpdate): void {
    for (const listener of listeners) listener.conversationUpdated?.(update)
  }

  /** Adds messages that another node committed before and of which this node has not been notified yet; leaves out known ones. */
  async function completed(memory: Notified, update: ConversationUpdate): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for (const message of update.messages) {
      const { dialogId, sequence } = message
      const next = memory.nextSequence.get(dialogId) ?? 0
      if (sequence < next) continue
      if (sequence > next) {
        const range = { dialogId, from: next, to: sequence - 1, limit: MAX_MESSAGES_READ }
        const { accountId, conversationId } = update
        messages.push(...(await listMessages(store.db, accountId, { conversationId, ...range })))
      }
      messages.push(message)
      memory.nextSequence.set(dialogId, sequence + 1)
    }
    return messages
  }

  /** Subscribers know a later state already: the messages of an earlier update must not bring the earlier state back. */
  async function newest({ accountId, conversationId }: ConversationUpdate) {
    const known = documents.peek(accountId, conversationId)
    return known ?? (await findConversation(store.db, accountId, conversationId))
  }

  async function deliver(update: ConversationUpdate): Promise<void> {
    const memory = recall(update.accountId, update.conversationId) ?? (await begin(update))
    const messages = await completed(memory, update)
    const isNewest = update.version > memory.version
    if (isNewest) memory.version = update.version
    if (isNewest) notify({ ...update, messages })
    else if (messages.length > 0) notify({ ...update, ...(await newest(update)), messages })
  }

  function enqueue(accountId: string, conversationId: string, work: () => Promise<void>): void {
    queue.run(`${accountId}/${conversationId}`, work).catch((error: unknown) => {
      // The next update of the conversation closes the gap that this leaves.
      logger.warn({ err: error, accountId, conversationId }, 'Conversation update not delivered')
    })
  }

  async function readUpdate(notification: UpdateNotification): Promise<void> {
    const { accountId, conversationId, version } = notification
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
    for (const [dialogId, [from, to]] of Object.entries(notification.messages)) {
      const range = { conversationId, dialogId, from, to, limit: MAX_MESSAGES_READ }
      messages.push(...(await listMessages(store.db, accountId, range)))
    }
    await deliver({ accountId, conversationId, ...newest, messages })
  }

  function tellErased(accountId: string, conversationId: string): void {
    enqueue(accountId, conversationId, async () => {
      for (const listener of listeners) listener.conversationErased?.(accountId, conversationId)
    })
  }

  /** The oldest version of each that one of the subscribers was sent. */
  function shownVersions(accountId: string): Map<string, number> {
    const oldest = new Map<string, number>()
    for (const listener of listeners) {
      for (const [conversationId, version] of listener.shownConversations?.(accountId) ?? []) {
        oldest.set(conversationId, Math.min(version, oldest.get(conversationId) ?? version))
      }
    }
    return oldest
  }

  using opened = new DisposableStack()
  const missedUpdates = opened.use(
    openMissedUpdates({
      store,
      logger,
      monotonic,
      documents,
      isWatched: (accountId) => watchers.has(accountId),
      shown: shownVersions,
      notified: recall,
      deliver: (accountId, conversationId, read) =>
        queue.run(`${accountId}/${conversationId}`, async () => deliver(await read())),
      erased: tellErased,
      rewound() {
        // Numbers are given again, to other messages.
        notified.clear()
        for (const listener of listeners) listener.rewound?.()
      },
      caughtUp(accountId) {
        for (const listener of listeners) listener.resync?.(accountId)
      },
    }),
  )
  opened.use(
    store.onNotify(UPDATES, (payload) => {
      const notification = UpdateNotification.parse(JSON.parse(payload))
      if (notification.node === nodeId) return
      const { accountId, conversationId } = notification
      enqueue(accountId, conversationId, () => readUpdate(notification))
    }),
  )
  opened.use(
    store.onNotify(CHAT_STATES, (payload) => {
      const { node, ...chatState } = ChatStateNotification.parse(JSON.parse(payload))
      if (node === nodeId || !watchers.has(chatState.accountId)) return
      for (const listener of listeners) listener.chatStateChanged?.(chatState)
    }),
  )
  opened.use(
    store.onNotify(AGENTS, (payload) => {
      const { node, accountId, userId } = AgentNotification.parse(JSON.parse(payload))
      if (node !== nodeId) documents.forget('agent', accountId, userId)
      for (const listener of listeners) listener.agentChanged?.(accountId, userId)
    }),
  )
  const resources = opened.move()

  return {
    publish(update) {
      const { accountId, conversationId, version } = update
      enqueue(accountId, conversationId, () => deliver(update))
      notifyOthers(UPDATES, () => {
        const messages = rangesOf(update.messages)
        return { accountId, conversationId, version, messages } satisfies UpdateFacts
      })
    },
    publishChatState(chatState) {
      for (const listener of listeners) listener.chatStateChanged?.(chatState)
      notifyOthers(CHAT_STATES, () => chatState)
    },
    publishAgent(accountId, userId) {
      store.notify(AGENTS, JSON.stringify({ node: nodeId, accountId, userId }))
    },
    tellErased,
    resync({ since }) {
      for (const accountId of watchers.keys()) missedUpdates.add(accountId, since)
    },
    subscribe(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    watch(accountId) {
      const { count, watch } = watchers.get(accountId) ?? { count: 0, watch: (lastWatch += 1) }
      watchers.set(accountId, { count: count + 1, watch })
      return {
        [Symbol.dispose]: () => {
          const left = (watchers.get(accountId)?.count ?? 1) - 1
          if (left === 0) watchers.delete(accountId)
          else watchers.set(accountId, { count: left, watch })
        },
      }
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
