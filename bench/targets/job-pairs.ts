import pg from 'pg'
import { answerOrders } from '../answer-orders.ts'
import { conversationState, MESSAGE_BODY, TEXT } from './pair-rows.ts'

/** The queue and the commands of its jobs have half of the connections of `plain-inserts.ts` each. */
export const QUEUE_CONNECTIONS = 32
const COMMAND_CONNECTIONS = 32

/** What an event leaves for its job: what a commit of `store-pairs.ts` writes, its outbox row included. */
export interface EventJob {
  conversationId: string
  version: number
  state: ReturnType<typeof conversationState>
  message: typeof MESSAGE_BODY
  facts: { TEXT: string }
}

/** A queue of jobs in the database that everything here is measured with. */
export interface JobQueue extends AsyncDisposable {
  /** Resolves when the job is stored durably. */
  enqueue(job: EventJob): Promise<unknown>
}

interface Order {
  atOnce: number
  seconds: number
}

/**
 * Pairs of event and command with a queue of jobs: enqueueing is the event's commit, and what the job inserts is the command's.
 *
 * The same as in `store-pairs.ts`: PostgreSQL and its durability, the bytes of an event and of a command, how many conversations are
 * at once, and that each waits for its command before its next event.
 *
 * Not the same, all in favour of the queue: event and command are one row each, not a document, a message and a row of the outbox; no
 * version is compared, nothing holds the order of a conversation, nobody is notified of what was written. And the end of a job is a
 * commit after that of the command, for which nobody waits: a crash between the two repeats the command, which it does not in the store.
 */
export async function answerWithQueue(
  open: (url: string, work: (job: EventJob) => Promise<void>) => Promise<JobQueue>,
): Promise<void> {
  const url = process.env['DATABASE_URL'] ?? ''
  const clients = Array.from({ length: COMMAND_CONNECTIONS }, () => new pg.Client(url))
  await Promise.all(clients.map((client) => client.connect()))
  let asked = 0
  await clients[0]?.query(
    'create table if not exists bench_command (id bigserial primary key, at timestamptz, body jsonb)',
  )
  const commands = new Map<string, () => void>()
  const queue = await open(url, async ({ conversationId, version }) => {
    const state = conversationState(conversationId, version + 1)
    await clients[asked++ % clients.length]?.query({
      name: 'command',
      text: 'insert into bench_command (at, body) values (now(), $1)',
      values: [JSON.stringify({ conversationId, state, message: MESSAGE_BODY })],
    })
    commands.get(conversationId)?.()
  })

  async function pair(conversationId: string, version: number): Promise<void> {
    const command = new Promise<void>((resolve) => void commands.set(conversationId, resolve))
    const state = conversationState(conversationId, version)
    await queue.enqueue({ conversationId, version, state, message: MESSAGE_BODY, facts: { TEXT } })
    await command
  }

  async function queuePairs({ atOnce, seconds }: Order): Promise<number> {
    const startedAt = performance.now()
    let pairs = 0
    await Promise.all(
      Array.from({ length: atOnce }, async (_, index) => {
        const conversationId = `bench-${index}-${startedAt.toFixed(3)}`
        for (let version = 0; performance.now() < startedAt + seconds * 1000; version += 2) {
          await pair(conversationId, version)
          pairs += 1
        }
      }),
    )
    return (pairs * 1000) / (performance.now() - startedAt)
  }

  answerOrders(queuePairs, async () => {
    await queue[Symbol.asyncDispose]()
    await Promise.all(clients.map((client) => client.end()))
  })
}
