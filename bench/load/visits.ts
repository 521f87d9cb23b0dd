import { type Consumer, openConsumer } from '@parley/client'
import { answerOrders } from '../answer-orders.ts'
import { connectWs } from './connect-ws.ts'
import { pace } from './pace.ts'
import { summarize } from './summary.ts'
import type { VisitOrder, VisitResult } from './visit-orders.ts'

const PATIENCE_MS = 300_000
const idle: Consumer[] = []

/** Resolves as soon as the function's answer has come. */
function nextAnswer(consumer: Consumer, fits: (text: string) => boolean): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const late = setTimeout(() => reject(new Error('The function did not answer')), PATIENCE_MS)
  const following = consumer.onMessage(({ role, text }) => {
    if (role === 'CONTROLLER' && fits(text)) resolve(text)
  })
  return promise.finally(() => {
    clearTimeout(late)
    following[Symbol.dispose]()
  })
}

/** Resolves with the conversation, and how long the greeting took. */
async function enter(consumer: Consumer) {
  const greeting = nextAnswer(consumer, (text) => text.startsWith('CONSUMER_OPEN_NEW'))
  const askedAt = performance.now()
  const [conversationId, said] = await Promise.all([consumer.openConversation(), greeting])
  if (!said.endsWith(conversationId)) throw new Error(`Answered for another conversation: ${said}`)
  return { conversationId, latency: performance.now() - askedAt }
}

async function changeOnce(consumer: Consumer, conversationId: string, isUrgent: boolean) {
  const answer = nextAnswer(
    consumer,
    (text) =>
      text.includes(isUrgent ? 'ASKED_URGENT' : 'CANCELED_URGENT') && text.endsWith(conversationId),
  )
  const [ttrType, value] = isUrgent ? ['URGENT', 300] : ['NORMAL', 3600]
  await consumer.socket.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'TTRField', ttrType, value }],
  })
  await answer
}

async function change(seconds: number): Promise<VisitResult> {
  const latencies: number[] = []
  const visits = await Promise.all(
    idle.map(async (consumer) => ({ consumer, ...(await enter(consumer)) })),
  )
  const startedAt = performance.now()
  await Promise.all(
    visits.map(async ({ consumer, conversationId }) => {
      for (let isUrgent = true; performance.now() < startedAt + seconds * 1000;) {
        const changedAt = performance.now()
        await changeOnce(consumer, conversationId, isUrgent)
        latencies.push(performance.now() - changedAt)
        isUrgent = !isUrgent
      }
    }),
  )
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  for (const { consumer, conversationId } of visits) await consumer.close(conversationId)
  return { ...summarize(latencies), perSecond }
}

/** Consumers who are back from their last conversation open the next one. */
async function open(rate: { seconds: number; perSecond: number }): Promise<VisitResult> {
  const visits: Promise<number>[] = []
  const startedAt = performance.now()
  const visit = async (consumer: Consumer) => {
    const { conversationId, latency } = await enter(consumer)
    await consumer.close(conversationId)
    idle.push(consumer)
    return latency
  }
  await pace(rate, () => {
    const consumer = idle.shift()
    if (!consumer) throw new Error('Every consumer is still in a conversation')
    visits.push(visit(consumer))
  })
  const latencies = await Promise.all(visits)
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  return { ...summarize(latencies), perSecond }
}

answerOrders(async (order: VisitOrder) => {
  if (order.do === 'change') return await change(order.seconds)
  if (order.do === 'open') return await open(order)
  for (const consumer of idle.splice(0)) consumer[Symbol.dispose]()
  while (idle.length < order.consumers)
    idle.push(await openConsumer(order.endpoint, { connect: connectWs }))
  return idle.length
})
