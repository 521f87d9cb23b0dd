import {
  type Consumer,
  type Endpoint,
  login,
  type MessagingSocket,
  openConsumer,
  openSocket,
} from '@parley/client'
import { answerOrders } from '../answer-orders.ts'
import { connectWs } from './connect-ws.ts'
import { receivedText, watchTexts } from './received-texts.ts'
import { pace } from './pace.ts'
import { summarize } from './summary.ts'
import type { FanOutResult, OpeningsResult, TalkOrder, TalkResult } from './talk-orders.ts'

interface Meeting {
  conversationId: string
  consumer: Consumer
  agent: MessagingSocket
}

const meetings: Meeting[] = []
const agents: MessagingSocket[] = []
let texts = 0

function newText(): string {
  return `message ${++texts} ${'and what else there is to say; '.repeat(6)}`
}

async function openAgentSocket(endpoint: Endpoint, who: { user: string; password: string }) {
  const { bearer } = await login(endpoint, who)
  const address = `${endpoint.url.replace('http', 'ws')}/ws_api/account/${endpoint.accountId}/messaging/brand/${bearer}?v=2.1`
  const socket = await openSocket(address, { connect: connectWs })
  watchTexts(socket)
  return socket
}

async function meet({ endpoint, agents: people, conversations }: TalkOrder & { do: 'meet' }) {
  for (const person of people) agents.push(await openAgentSocket(endpoint, person))
  for (let index = 0; index < conversations; index++) {
    const agent = agents[index % agents.length]
    if (!agent) throw new Error('There are no agents')
    const consumer = await openConsumer(endpoint, { connect: connectWs })
    watchTexts(consumer.socket)
    const conversationId = await consumer.openConversation()
    await agent.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' }],
    })
    meetings.push({ conversationId, consumer, agent })
  }
  return meetings.length
}

/** Resolves with how long it took to be stored. */
async function publish(socket: MessagingSocket, dialogId: string, text: string): Promise<number> {
  const startedAt = performance.now()
  await socket.request('ms.PublishEvent', {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
  })
  return performance.now() - startedAt
}

/** Consumer and agent of every conversation write in turn. */
async function talk(rate: { perSecond: number; seconds: number }): Promise<TalkResult> {
  const heard: Promise<number>[] = []
  const stored: Promise<number>[] = []
  const startedAt = performance.now()
  await pace(rate, (index) => {
    const meeting = meetings[index % meetings.length]
    if (!meeting) throw new Error('There are no conversations')
    const { conversationId, consumer, agent } = meeting
    const isAgentsTurn = Math.floor(index / meetings.length) % 2 === 1
    const [from, to] = isAgentsTurn ? [agent, consumer.socket] : [consumer.socket, agent]
    const text = newText()
    const sentAt = performance.now()
    heard.push(receivedText(to, text).then((at) => at - sentAt))
    stored.push(publish(from, conversationId, text))
  })
  const latencies = await Promise.all(heard)
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  return { heard: summarize(latencies), stored: summarize(await Promise.all(stored)), perSecond }
}

/** One consumer writes, and all agents follow. */
async function fanOut({ messages }: { messages: number }): Promise<FanOutResult> {
  const [meeting] = meetings
  if (!meeting) throw new Error('There are no conversations')
  const { conversationId, consumer } = meeting
  for (const agent of agents) {
    await agent.request('ms.SubscribeMessagingEvents', {
      conversationId,
      dialogId: conversationId,
      fromSeq: 0,
    })
  }
  const first: number[] = []
  const last: number[] = []
  for (let done = 0; done < messages; done++) {
    const text = newText()
    const hearings = agents.map((agent) => receivedText(agent, text))
    const sentAt = performance.now()
    await publish(consumer.socket, conversationId, text)
    const times = (await Promise.all(hearings)).map((at) => at - sentAt)
    first.push(Math.min(...times))
    last.push(Math.max(...times))
  }
  return { observers: agents.length, first: summarize(first), last: summarize(last) }
}

/** Consumers who are there already open conversations and close them, one after the other. */
async function openings({
  endpoint,
  consumers,
  seconds,
}: TalkOrder & { do: 'openings' }): Promise<OpeningsResult> {
  const people: Consumer[] = []
  for (let index = 0; index < consumers; index++)
    people.push(await openConsumer(endpoint, { connect: connectWs }))
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  await Promise.all(
    people.map(async (consumer) => {
      while (performance.now() < until) {
        const askedAt = performance.now()
        const answer = await consumer.socket.request('cm.ConsumerRequestConversation', {
          brandId: endpoint.accountId,
          channelType: 'MESSAGING',
        })
        latencies.push(performance.now() - askedAt)
        await consumer.close((answer as { conversationId: string }).conversationId)
      }
      consumer[Symbol.dispose]()
    }),
  )
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  return { opened: latencies.length, perSecond, answer: summarize(latencies) }
}

answerOrders((order: TalkOrder) => {
  if (order.do === 'meet') return meet(order)
  if (order.do === 'talk') return talk(order)
  if (order.do === 'fan-out') return fanOut(order)
  return openings(order)
})
