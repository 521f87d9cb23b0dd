import type { IncomingHttpHeaders } from 'node:http'
import type { ChatSide } from '@parley/contract'
import type { ChatDeps } from './deps.ts'
import type { EventStream } from './event-streams.ts'
import { findChat, listEntries } from './repository.ts'
import type { ChatState } from './state.ts'

export interface StreamOptions {
  /** Whose typing is not told: the listener's own. */
  side: ChatSide
  /** The first entry that the listener does not have. */
  from: number
  view: (state: ChatState) => object
}

/**
 * Tells a client everything that happens in a chat: what it has not got yet, then what is new. Each time it hears of a
 * change it reads on from the last entry that it has sent.
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
    let more = true
    while (more && !stream.isClosed) {
      const page = await listEntries(db, accountId, chatId, next)
      for (const entry of page.entries) {
        await stream.send('entry', entry, entry.sequence)
        next = entry.sequence + 1
      }
      more = page.nextFrom !== undefined
    }
    const chat = await findChat(db, accountId, chatId)
    if (!chat || chat.version === shownVersion) return
    shownVersion = chat.version
    await stream.send('chat', view(chat.state))
  }

  const wake = oneAtATime(catchUp, (err) => deps.logger.warn({ err, chatId }, 'chat stream stuck'))
  const listening = deps.feed.listen(
    accountId,
    chatId,
    (news) => {
      if (news.kind === 'changed') wake()
      else if (news.side !== side) stream.mention('typing', { typing: news.typing })
    },
    wake,
  )
  stream.onClose(() => listening[Symbol.dispose]())
  wake()
}

/** Tells a client which chats of the account change, with each chat as it is then. */
export function streamChats(
  deps: ChatDeps,
  accountId: string,
  stream: EventStream,
  view: (state: ChatState) => object,
): void {
  const changed = new Set<string>()
  const wake = oneAtATime(
    async () => {
      for (const chatId of changed) {
        changed.delete(chatId)
        const chat = await findChat(deps.store.db, accountId, chatId)
        if (chat) await stream.send('chat', view(chat.state))
      }
    },
    (err) => deps.logger.warn({ err, accountId }, 'stream of chats stuck'),
  )
  const listening = deps.feed.listen(
    accountId,
    undefined,
    ({ kind, chatId }) => {
      if (kind !== 'changed') return
      changed.add(chatId)
      wake()
    },
    // What was missed meanwhile is unknown: the client has to read the lists again.
    () => void stream.send('resync', {}),
  )
  stream.onClose(() => listening[Symbol.dispose]())
  void stream.send('ready', {})
}

/** Where a stream begins: a client that reconnects names the last event that it has received. */
export function firstUnsent(from: number, headers: IncomingHttpHeaders): number {
  const last = headers['last-event-id']
  return typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) + 1 : from
}

/** Runs `work` again after every wake-up, never twice at once. */
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
