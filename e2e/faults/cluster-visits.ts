import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { SocketRequestError } from '@parley/client'
import { openTenaciousConsumer, type TenaciousConsumer } from './cluster-consumer.ts'
import type { Cluster } from './cluster-nodes.ts'
import { type Event, EVENTS, FROM_SKILL, handledIn } from './cluster-stage.ts'
import type { Ledger } from './ledger.ts'

const THINKING_MS = [1_000, 6_000] as const
const CONFLICT = 409

/** What the cluster has acknowledged to a consumer, or what the consumer has seen of it. */
export interface VisitEntry {
  jwt: string
  conversationId: string
  message?: { sequence: number; text: string }
  /** Everything that was to happen has been seen. */
  isOver?: boolean
}

export interface VisitDeps {
  cluster: Cluster
  ledger: Ledger<VisitEntry>
}

/** One conversation after the other, until it is over; the last one is brought to its end. */
export async function visitAgainAndAgain(deps: VisitDeps, over: AbortSignal): Promise<void> {
  await sleep(randomInt(THINKING_MS[1]))
  while (!over.aborted) await visit(deps)
}

/** Waits in the queue, gets an agent, is in a hurry, is transferred, gets another agent, and goes. */
async function visit({ cluster, ledger }: VisitDeps): Promise<void> {
  using consumer = openTenaciousConsumer(cluster)
  const conversationId = await consumer.open(FROM_SKILL)
  const { jwt } = consumer
  ledger.acknowledge({ jwt, conversationId })
  const until = (...events: [Event, number][]) =>
    consumer.until(`${conversationId}: ${events.join(' ')}`, () =>
      events.every(([event, times]) => timesHandled(consumer, conversationId, event) >= times),
    )
  const say = async () => {
    const message = await sayOnce(consumer, conversationId)
    ledger.acknowledge({ jwt, conversationId, message })
  }

  await say()
  await until(['CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME', 1], ['YOU_ARE_CONNECTED_TO', 1])
  await think()
  const urgent = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.ask((connected) => connected.update(conversationId, urgent))
  await think()
  await say()
  await until(...(Object.entries(EVENTS).slice(0, -1) as [Event, number][]))
  await think()
  await unlessDone(consumer.ask((connected) => connected.close(conversationId)))
  await until(['CONSUMER_END_CONVERSATION', 1])
  ledger.acknowledge({ jwt, conversationId, isOver: true })
}

function think(): Promise<void> {
  return sleep(randomInt(...THINKING_MS))
}

function timesHandled(consumer: TenaciousConsumer, dialogId: string, event: Event): number {
  return consumer.messages(dialogId).filter(({ text }) => handledIn(text)?.event === event).length
}

/** However often it is sent, it is one message: its request keeps its id. */
async function sayOnce(
  consumer: TenaciousConsumer,
  conversationId: string,
): Promise<{ sequence: number; text: string }> {
  const requestId = crypto.randomUUID()
  const text = `message ${requestId}`
  const sequence = await consumer.ask((connected) =>
    connected.say(conversationId, text, { requestId }),
  )
  return { sequence, text }
}

/** What was done before is refused, when only its acknowledgement was lost. */
export async function unlessDone(change: Promise<void>): Promise<void> {
  try {
    await change
  } catch (error) {
    if (!(error instanceof SocketRequestError && error.code === CONFLICT)) throw error
  }
}
