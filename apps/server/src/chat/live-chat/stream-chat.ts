import type { IncomingHttpHeaders } from 'node:http'
import { type ChatSide, isShared } from '@parley/contract'
import { boundedMap, declareBound } from '#base/bounds'
import type { Principal } from '#base/http'
import type { EventStream } from '#base/kit'
import type { Reader } from '#messaging/reading'
import { maySeeChat, whereMaySeeChat } from './chat-sight.ts'
import type { ChatDeps } from './deps.ts'
import { findChat, isJoinedBy, listEntries, listOpenIds, listServed } from './repository.ts'
import { isManagerIn } from './serving.ts'
import type { ChatState } from './state.ts'
import { agentView } from './views.ts'

const SHOWN = declareBound({
  kind: 'map',
  holds: 'chats that a stream of all chats has sent',
  limit: 10_000,
  per: 'stream',
  beyond:
    'the least recently sent one is forgotten: the stream does not say when it is out of sight',
})

/** What the client may see of a chat now: `undefined` when it may not see it. */
export type ChatView = (state: ChatState) => object | undefined | Promise<object | undefined>

export interface StreamOptions {
  /** The side of the client: it is not notified of its own typing. */
  side: ChatSide
  /** The first entry that the client does not have. */
  from: number
  view: ChatView
}

/**
 * Sends a client the entries of a chat: first those that it does not have, then new ones. At every update of the chat the
 * stream reads on from the last entry that it has sent.
 */
export function streamChat(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  stream: EventStream,
  { side, from, view }: StreamOptions,
): void {
  let next = from
  let shownVersion = 0
  const { db } = deps.store

  async function catchUp(): Promise<void> {
    // Read before its entries: a client that is told of its end has had all of them.
    const chat = await findChat(db, accountId, chatId)
    const shown = chat && (await view(chat.state))
    if (!shown) {
      stream.end()
      return
    }
    // The database may have lost entries that the client has, and others get their numbers now.
    next = Math.min(next, chat.state.nextSequence)
    let more = true
    while (more && !stream.isClosed) {
      const page = await listEntries(db, accountId, chatId, next)
      for (const entry of page.entries) {
        const isSeenHere = side === 'AGENT' || isShared(entry)
        if (isSeenHere) await stream.send('entry', entry, entry.sequence)
        next = entry.sequence + 1
      }
      more = page.nextFrom !== undefined
    }
    if (chat.version === shownVersion) return
    shownVersion = chat.version
    await stream.send('chat', shown)
  }

  const wake = oneAtATime(catchUp, (err) => {
    deps.logger.warn({ err, chatId }, 'A stream of a chat could not be read: it ends')
    stream.end()
  })
  const subscription = deps.feed.subscribe(
    accountId,
    chatId,
    (update) => {
      switch (update.kind) {
        case 'changed':
          wake()
          return
        case 'typing':
          if (update.side !== side) stream.mention('typing', { typing: update.typing })
      }
    },
    wake,
  )
  stream.onClose(() => subscription[Symbol.dispose]())
  wake()
}

/** Chats that a client has not been sent yet. Instead of more, it is told to read the lists again. */
const MAX_CHANGED = 1000

/** Who listens to all chats: its `view` and `reader` are asked again, as its rights may change. */
interface Listener {
  view: ChatView
  reader(): Reader | Promise<Reader>
  agentId: string | undefined
}

/** A stream of all chats. It misses none that changes once it is `ready`. */
export interface ChatsStream {
  ready: Promise<void>
  /** To be called when the client may see other chats than before: it is told to read its lists again. */
  resync(): void
}

/**
 * Sends a client every chat that changes and that it may see, in its newest state; `gone` for one that it may no longer see. `typing` is
 * for who serves the chat or has joined it.
 */
export function streamChats(
  deps: ChatDeps,
  accountId: string,
  stream: EventStream,
  { view, reader, agentId }: Listener,
): ChatsStream {
  const { db } = deps.store
  const changed = new Set<string>()
  /** Whether the client's user serves or has joined them. */
  const shown = boundedMap<string, boolean>(SHOWN)
  const failed = (err: unknown) => {
    deps.logger.warn({ err, accountId }, 'A stream of chats could not be read: it ends')
    stream.end()
  }
  const wake = oneAtATime(async () => {
    for (const chatId of changed) {
      changed.delete(chatId)
      const chat = await findChat(db, accountId, chatId)
      const seen = chat && (await view(chat.state))
      if (seen) {
        shown.set(chatId, isWith(chat.state, agentId))
        await stream.send('chat', seen)
      } else if (shown.delete(chatId)) await stream.send('gone', { chatId })
    }
  }, failed)

  /** Notes what the client finds when it reads its lists. */
  async function noteListed(): Promise<void> {
    const known = [...shown.keys()]
    for (const chatId of known) shown.set(chatId, false)
    const now = await reader()
    // Of who reads all, none leaves the sight.
    const seen = now.readsAll ? [] : await listOpenIds(db, accountId, whereMaySeeChat(now))
    for (const { id } of seen) shown.set(id, false)
    if (agentId === undefined) return
    for (const id of await listServed(db, accountId, agentId)) shown.set(id, true)
    const joined = await listOpenIds(db, accountId, isJoinedBy(agentId))
    for (const { id } of joined) shown.set(id, true)
  }

  const resync = oneAtATime(async () => {
    await noteListed()
    await stream.send('resync', {})
  }, failed)
  const subscription = deps.feed.subscribe(
    accountId,
    undefined,
    (update) => {
      const { chatId } = update
      if (update.kind === 'typing') {
        if (update.side === 'AGENT' || shown.get(chatId) !== true) return
        stream.mention('typing', { chatId, typing: update.typing })
        return
      }
      changed.add(chatId)
      if (changed.size > MAX_CHANGED) {
        changed.clear()
        resync()
      } else wake()
    },
    // It is unknown which updates were missed: the client must read the lists again.
    resync,
  )
  stream.onClose(() => subscription[Symbol.dispose]())
  return { ready: noteListed(), resync }
}

/** Sends the same by a stream that somebody else has opened, and checks, for a caller that may change meanwhile. */
export function streamChatsTo(
  deps: ChatDeps,
  accountId: string,
  stream: EventStream,
  { principal, reader }: { principal: Principal; reader(): Reader },
): ChatsStream {
  const view: ChatView = (state) =>
    maySeeChat(reader(), state) ? agentView(state, deps.clock.now()) : undefined
  const agentId = userIdOf(principal)
  return streamChats(deps, accountId, stream, { view, reader, agentId })
}

export function userIdOf({ kind, id }: Pick<Principal, 'kind' | 'id'>): string | undefined {
  return kind === 'user' ? id : undefined
}

function isWith(state: ChatState, agentId: string | undefined): boolean {
  const { stage, agent } = state
  if (agentId === undefined || stage === 'ended') return false
  return (stage === 'active' && agent?.agentId === agentId) || isManagerIn(state, agentId)
}

/** Where a stream begins: a client that reconnects names the last event that it has received. */
export function firstUnsent(from: number, headers: IncomingHttpHeaders): number {
  const last = headers['last-event-id']
  return typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) + 1 : from
}

/** Runs `work` again after every wake-up, never twice at once. What has failed is not tried again: the client comes again, and reads it. */
function oneAtATime(work: () => Promise<void>, failed: (cause: unknown) => void): () => void {
  let running = false
  let again = false
  async function run(): Promise<void> {
    running = true
    try {
      do {
        again = false
        await work()
      } while (again)
    } catch (cause) {
      failed(cause)
    } finally {
      running = false
    }
  }
  return () => {
    again = true
    if (!running) void run()
  }
}
