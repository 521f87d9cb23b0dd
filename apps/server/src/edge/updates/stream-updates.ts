import type { UpdateTopic } from '@parley/contract'
import { boundedMap, declareBound } from '#base/bounds'
import { watchChanges } from '#base/changes'
import type { EventStream } from '#base/kit'
import { messageOf } from '#base/kernel'
import { type ConversationUpdate, hasSeen, maySee, type Reader } from '#messaging/reading'
import { addChangesSince } from './changes-since.ts'
import type { UpdatesDeps } from './deps.ts'
import { type Changed, openWaitingUpdates } from './waiting-updates.ts'

/** Topics of which a reader sees what its skills and its role let it see. */
const SEEN_BY_SKILL = ['conversations', 'chats', 'mails'] as const satisfies readonly UpdateTopic[]

const SEEN = declareBound({
  kind: 'map',
  holds: 'conversations that a stream of updates has named',
  limit: 10_000,
  per: 'stream',
  beyond: 'the least recently named one is forgotten: once out of sight, it is named once more',
})

export interface UpdateStreamOptions {
  topics: readonly UpdateTopic[]
  filter: { conversationId?: string | undefined; functionId?: string | undefined }
  /** Where a reader goes on that was here before, in domain time. */
  since: number | undefined
  /** Who reads, with what it may see now. */
  reader(): Reader
  /** What else the stream sends begins before it says that it is ready. */
  before(): Promise<void>
}

/** A stream of updates that is open. */
export interface UpdateStream extends Disposable {
  /** The reader may see other conversations and live chats than before. */
  sightChanged(): void
}

/**
 * Sends a reader the names of what changes, one after the other as it reads: what has changed again meanwhile is said once. Nothing
 * that is committed after `ready` is left out, on whichever node.
 */
export function streamUpdates(
  deps: UpdatesDeps,
  accountId: string,
  stream: EventStream,
  { topics, filter, since, reader, before }: UpdateStreamOptions,
): UpdateStream {
  const { clock, logger, reading, store } = deps
  const wanted = new Set(topics)
  const waiting = openWaitingUpdates()
  /** Whether it was in sight when it was named last. */
  const named = boundedMap<string, boolean>(SEEN)
  let isSending = false
  let isReady = false

  async function send(): Promise<void> {
    if (isSending || !isReady) return
    isSending = true
    for (let next = waiting.take(); next && !stream.isClosed; next = waiting.take()) {
      const at = new Date(next.at).toISOString()
      await stream.send('changed', { ...next.changed, at }, next.place)
    }
    isSending = false
  }

  function add(changed: Changed, at = clock.now()): void {
    // The board counts live chats, too.
    if (changed.topic === 'chats') add({ topic: 'board' }, at)
    if (!wanted.has(changed.topic) || !fits(changed, filter)) return
    waiting.add(changed, at)
    void send()
  }

  function missed(): void {
    for (const topic of topics) add({ topic })
  }

  function conversationUpdated(update: ConversationUpdate): void {
    if (update.accountId !== accountId) return
    add({ topic: 'board' })
    const { conversationId: id, version: revision, state } = update
    const isInSight = maySee(reader(), state)
    const wasInSight = named.get(id) ?? hasSeen(reader(), state)
    // A reader shows what has left its sight until it hears so.
    if (!isInSight && !wasInSight) return
    named.set(id, isInSight)
    add({ topic: 'conversations', id, revision })
  }

  async function begin(): Promise<void> {
    const began = Math.min(since ?? Infinity, clock.now())
    if (since !== undefined) {
      const options = { topics, since: began, reader: reader() }
      // A reader that is lost before it has them is told of them again.
      await addChangesSince(deps, accountId, options, (changed) => add(changed, began))
    }
    await before()
    await stream.send('ready', {}, began)
    isReady = true
    await send()
  }

  const watching = new DisposableStack()
  watching.use(watchChanges(store, accountId, { changed: (changed) => add(changed), missed }))
  if (wanted.has('conversations') || wanted.has('agents') || wanted.has('board')) {
    watching.use(reading.updates.watch(accountId))
    watching.use(
      reading.updates.subscribe({
        conversationUpdated,
        agentChanged(of, id) {
          if (of !== accountId) return
          add({ topic: 'agents', id })
          add({ topic: 'board' })
        },
        resync(of) {
          if (of !== accountId) return
          add({ topic: 'agents' })
          add({ topic: 'board' })
        },
      }),
    )
  }
  begin().catch((error: unknown) => {
    // The reader comes again, with the place that it has.
    logger.warn(
      { err: error, accountId },
      `A stream of updates could not begin: ${messageOf(error)}`,
    )
    stream.end()
  })
  return {
    sightChanged() {
      for (const topic of SEEN_BY_SKILL) add({ topic })
    },
    [Symbol.dispose]: () => watching.dispose(),
  }
}

function fits(
  { topic, id, conversationId }: Changed,
  filter: UpdateStreamOptions['filter'],
): boolean {
  if (id === undefined) return true
  const { conversationId: ofConversation, functionId } = filter
  if (ofConversation !== undefined) {
    if (topic === 'conversations' && id !== ofConversation) return false
    if (topic === 'runs' && conversationId !== ofConversation) return false
  }
  const isOfFunction = topic === 'runs' || topic === 'functions' || topic === 'deployments'
  return functionId === undefined || !isOfFunction || id === functionId
}
