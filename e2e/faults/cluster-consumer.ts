import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Consumer,
  type ConversationDetails,
  type DialogMessage,
  openConsumer,
  RequestError,
  SocketRequestError,
} from '@parley/client'
import type { Cluster } from './cluster-nodes.ts'

/** How long a consumer waits for one thing, whatever is killed while it waits. */
const PATIENCE_MS = 300_000
const REQUEST_PATIENCE_MS = 60_000
/** A consumer that gets no update for so long connects again and reads everything. */
const QUIET_MS = 12_000

/** A consumer that comes back whenever its node has died, and repeats what was not acknowledged. */
export interface TenaciousConsumer extends Disposable {
  readonly jwt: string
  readonly conversations: ReadonlyMap<string, ConversationDetails>
  /** The messages of a dialog that have come, each one once. */
  messages(dialogId: string): DialogMessage[]
  /** Resolves to the conversation's id, also when only its acknowledgement was lost. */
  open(skillId: string, features?: readonly string[]): Promise<string>
  follow(conversationId: string, dialogId: string): Promise<void>
  /** Asks until there is an answer; a refusal is one. */
  ask<Answer>(work: (consumer: Consumer) => Promise<Answer>): Promise<Answer>
  until(what: string, isSo: () => boolean): Promise<void>
}

/** How often a consumer found something only by reading again. */
export const missed = { updates: 0 }

export function openTenaciousConsumer({ endpoint }: Pick<Cluster, 'endpoint'>): TenaciousConsumer {
  const received = new Map<string, DialogMessage>()
  const conversations = new Map<string, ConversationDetails>()
  const followed = new Map<string, string>()
  let connecting: Promise<Consumer> | undefined
  let jwt: string | undefined
  let update = Promise.withResolvers<void>()

  function wake(): void {
    update.resolve()
    update = Promise.withResolvers()
  }

  async function connect(): Promise<Consumer> {
    using opening = new DisposableStack()
    const consumer = opening.use(await openConsumer(await endpoint(), { jwt }))
    jwt = consumer.jwt
    consumer.onMessage((message) => {
      received.set(`${message.dialogId}/${message.sequence}`, message)
      wake()
    })
    void consumer.socket.closed.then(wake)
    await consumer.watch((conversation) => {
      conversations.set(conversation.conversationId, conversation)
      wake()
    })
    for (const [dialogId, conversationId] of followed) {
      await consumer.follow(conversationId, dialogId)
    }
    void consumer.socket.closed.then(() => {
      connecting = undefined
    })
    opening.move()
    return consumer
  }

  async function leave(): Promise<void> {
    const left = connecting
    connecting = undefined
    await left?.then(
      (consumer) => consumer[Symbol.dispose](),
      () => undefined,
    )
  }

  async function ask<Answer>(work: (consumer: Consumer) => Promise<Answer>): Promise<Answer> {
    const giveUpAt = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        return await withinPatience(async () => work(await (connecting ??= connect())))
      } catch (error) {
        if (isRefusal(error) || performance.now() > giveUpAt) throw error
        await leave()
        await sleep(randomInt(100, 500))
      }
    }
  }

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS
    let rereadAt = -Infinity
    while (!isSo()) {
      if (performance.now() > giveUpAt) throw new Error(`${what} did not happen`)
      const { promise } = update
      await ask(async () => undefined)
      if (isSo()) break
      const isQuiet = await Promise.race([promise, sleep(QUIET_MS, true, { ref: false })])
      if (isQuiet !== true || isSo()) continue
      await leave()
      rereadAt = performance.now()
    }
    if (performance.now() - rereadAt < REREAD_MS) missed.updates += 1
  }

  async function follow(conversationId: string, dialogId: string): Promise<void> {
    await ask((consumer) => consumer.follow(conversationId, dialogId))
    followed.set(dialogId, conversationId)
  }

  return {
    get jwt() {
      return jwt ?? ''
    },
    conversations,
    messages: (dialogId) =>
      [...received.values()].filter((message) => message.dialogId === dialogId),
    ask,
    until,
    follow,
    async open(skillId, features) {
      const opened = await ask(async (consumer) => {
        try {
          return await consumer.openConversation(skillId, features)
        } catch (error) {
          if (error instanceof SocketRequestError && error.code === HAS_CONVERSATION)
            return undefined
          throw error
        }
      })
      await until('Its own conversation', () => conversations.size > 0)
      const [conversationId = ''] = opened === undefined ? conversations.keys() : [opened]
      await follow(conversationId, conversationId)
      return conversationId
    },
    [Symbol.dispose]: () => void leave(),
  }
}

const HAS_CONVERSATION = 400
const REREAD_MS = 1_500

async function withinPatience<T>(work: () => Promise<T>): Promise<T> {
  const late = new AbortController()
  const timeout = sleep(REQUEST_PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('There was no answer')
  })
  try {
    return await Promise.race([work(), timeout])
  } finally {
    late.abort()
    // Called off, because the work has ended.
    timeout.catch(() => undefined)
  }
}

/** Sent again, it would be refused again. */
function isRefusal(error: unknown): boolean {
  if (error instanceof SocketRequestError) return error.code < 500 && error.code !== 429
  return error instanceof RequestError && error.status < 500 && error.status !== 429
}
