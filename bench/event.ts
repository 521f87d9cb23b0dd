import { type Consumer, type Endpoint, openConsumer } from '@parley/client'
import { startParley } from '../e2e/live/parley.ts'
import { adminSession, ANSWER_CODE, deploy, EVENTS } from './deployed-function.ts'
import { connectWs } from './load/connect-ws.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

/** Resolves as soon as a message of the Controller Bot fits. */
function nextAnswer(consumer: Consumer, fits: (text: string) => boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const following = consumer.onMessage(({ role, text }) => {
    if (role === 'CONTROLLER' && fits(text)) resolve(text)
  })
  return promise.finally(() => following[Symbol.dispose]())
}

function setUrgency(consumer: Consumer, conversationId: string, ttrType: 'URGENT' | 'NORMAL') {
  return consumer.socket.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'TTRField', ttrType, value: ttrType === 'URGENT' ? 300 : 3600 }],
  })
}

interface Latencies {
  openMs: number[]
  changeMs: number[]
}

/** One consumer: opens a conversation, changes its urgency again and again, closes it. */
async function visit(endpoint: Endpoint, changes: number, into: Latencies): Promise<void> {
  using consumer = await openConsumer(endpoint, { connect: connectWs })
  const greeting = nextAnswer(consumer, (text) => text.startsWith('CONSUMER_OPEN_NEW'))
  const openedAt = performance.now()
  const conversationId = await consumer.openConversation()
  const said = await greeting
  into.openMs.push(performance.now() - openedAt)
  if (!said.endsWith(conversationId)) throw new Error(`Answered for another conversation: ${said}`)

  for (let change = 0; change < changes; change++) {
    const urgent = change % 2 === 0
    const answer = nextAnswer(consumer, (text) =>
      text.includes(urgent ? 'ASKED_URGENT' : 'CANCELED_URGENT'),
    )
    const changedAt = performance.now()
    await setUrgency(consumer, conversationId, urgent ? 'URGENT' : 'NORMAL')
    if (!(await answer).endsWith(conversationId))
      throw new Error('Answered for another conversation')
    into.changeMs.push(performance.now() - changedAt)
  }
  await consumer.close(conversationId)
}

async function visitBy(endpoint: Endpoint, consumers: number, visits: number, changes: number) {
  const latencies: Latencies = { openMs: [], changeMs: [] }
  await Promise.all(
    Array.from({ length: consumers }, async () => {
      for (let done = 0; done < visits; done++) await visit(endpoint, changes, latencies)
    }),
  )
  return latencies
}

export async function benchEvent({ short }: BenchOptions): Promise<BenchReport> {
  await using parley = await startParley()
  const session = await adminSession(parley)
  await deploy(session, { name: 'bench_opened', eventId: EVENTS.opened, code: ANSWER_CODE })
  await deploy(session, { name: 'bench_urgency', eventId: EVENTS.urgency, code: ANSWER_CODE })
  await visitBy(parley.endpoint, 2, 2, 4)

  const rounds: (Latencies & { consumers: number })[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    for (const consumers of [1, 8]) {
      const latencies = await visitBy(parley.endpoint, consumers, short ? 2 : 8, short ? 4 : 20)
      rounds.push({ consumers, ...latencies })
    }
  }

  const of = (consumers: number, key: keyof Latencies, share: number) =>
    median(
      rounds
        .filter((measured) => measured.consumers === consumers)
        .map((measured) => percentile(measured[key], share)),
    )
  const row = (consumers: number, key: keyof Latencies, what: string) => ({
    consumers,
    what,
    'p50 ms': round(of(consumers, key, 0.5)),
    'p99 ms': round(of(consumers, key, 0.99)),
  })
  return {
    rows: [1, 8].flatMap((consumers) => [
      row(consumers, 'openMs', 'request for a conversation → message'),
      row(consumers, 'changeMs', 'change of a conversation → message'),
    ]),
    bars: [
      {
        name: 'P6',
        measure: 'p50 ms, change → function → message on the socket, 1 consumer',
        reached: of(1, 'changeMs', 0.5),
        bar: 8,
        wants: 'less',
      },
      {
        name: 'P6',
        measure: 'p99 ms, likewise',
        reached: of(1, 'changeMs', 0.99),
        bar: 40,
        wants: 'less',
      },
    ],
    details: rounds,
  }
}
