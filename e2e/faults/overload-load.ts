import { openConsumer, SocketRequestError } from '@parley/client'
import * as z from 'zod'
import { answerOrders } from '../../bench/answer-orders.ts'
import { connectWs } from '../../bench/load/connect-ws.ts'
import { type Exchange, openExchange } from '../../bench/load/exchange.ts'
import { pace } from '../../bench/load/pace.ts'
import { summarize } from '../../bench/load/summary.ts'
import { eventually } from '../live/eventually.ts'
import { readHistory } from './cluster-history.ts'
import type {
  Answered,
  Caller,
  LoadOrder,
  LoadResult,
  ReadBack,
  Share,
  Traffic,
} from './overload-orders.ts'

interface Answer {
  status: number
  saysWhen: boolean
  /** For a connection of the client's own that was free. */
  waitedMs: number
}

interface Conversation {
  jwt: string
  conversationId: string
  endpoint: { url: string; accountId: string }
  publish(text: string): Promise<number>
  acknowledged: { sequence: number; text: string }[]
}

const BODY = JSON.stringify({ timestamp: 0, headers: [], payload: { text: 'x'.repeat(500) } })
const OPENED_AT_ONCE = 8
/** Pools of clients give up a connection that was silent for nearly as long as servers keep one. */
const MAX_SILENT_MS = 15_000
const Published = z.looseObject({ sequence: z.number() })

/** Sends one request of the account. */
type Send = () => Promise<Answer>
/** So many requests of one account are not answered yet, or wait for a connection: another one is not sent. The program itself has a bound, too. */
const MAX_OPEN = 5_000
const callers = new Map<string, { send: Send; end: () => void }>()
const talkers = new Map<string, Send>()
const conversations: Conversation[] = []

/** As clients have that ask often: connections that stay. A request that finds none free waits for one. */
async function openCaller(url: string, { path, bearer }: Caller, connections: number) {
  const { hostname, port, host } = new URL(url)
  const headers = `host: ${host}\r\nauthorization: Bearer ${bearer}\r\ncontent-type: application/json`
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\n${headers}\r\ncontent-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`,
  )
  const all = new Set<Exchange>()
  const open = async () => {
    const exchange = await openExchange(hostname, Number(port))
    all.add(exchange)
    return exchange
  }
  const end = () => {
    for (const exchange of all) exchange[Symbol.dispose]()
  }
  const free: Exchange[] = []
  const waiting: ((exchange: Exchange) => void)[] = []
  while (free.length < connections) free.push(await open())
  const take = async () => {
    const exchange = free.shift() ?? (await new Promise<Exchange>((given) => waiting.push(given)))
    const silentMs = performance.now() - exchange.silentSince
    if (exchange.isOpen && silentMs < MAX_SILENT_MS) return exchange
    exchange[Symbol.dispose]()
    all.delete(exchange)
    return await open()
  }
  const send = async (): Promise<Answer> => {
    const startedAt = performance.now()
    const exchange = await take()
    const waitedMs = performance.now() - startedAt
    try {
      const { status, head } = await exchange.send(request)
      return { status, saysWhen: /\r\nretry-after: *\d+/i.test(head), waitedMs }
    } finally {
      const next = waiting.shift()
      if (next) next(exchange)
      else free.push(exchange)
    }
  }
  return { send, end }
}

async function meet({
  who,
  endpoint,
  conversations: count,
}: LoadOrder & { do: 'meet' }): Promise<number> {
  const own: Conversation[] = []
  async function openAll(): Promise<void> {
    while (own.length < count) await eventually('A conversation', openOne, { pauseMs: 500 })
  }
  /** A machine that is busy with other things refuses some, for a moment. */
  async function openOne(): Promise<true> {
    const consumer = await openConsumer(endpoint, { connect: connectWs })
    const { conversationId } = z.looseObject({ conversationId: z.string() }).parse(
      await consumer.socket.request('cm.ConsumerRequestConversation', {
        brandId: endpoint.accountId,
        channelType: 'MESSAGING',
      }),
    )
    const publish = async (message: string) => {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message }
      const body = { conversationId, dialogId: conversationId, event }
      return Published.parse(await consumer.socket.request('ms.PublishEvent', body)).sequence
    }
    own.push({ jwt: consumer.jwt, conversationId, endpoint, publish, acknowledged: [] })
    return true
  }
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, openAll))
  conversations.push(...own)
  let sent = 0
  talkers.set(who, async () => {
    const one = own[sent++ % own.length]
    if (!one) throw new Error('There is no conversation')
    const text = `message ${sent} of ${who}`
    try {
      one.acknowledged.push({ sequence: await one.publish(text), text })
      return { status: 200, saysWhen: false, waitedMs: 0 }
    } catch (error) {
      if (!(error instanceof SocketRequestError)) throw error
      return { status: error.code, saysWhen: true, waitedMs: 0 }
    }
  })
  return own.length
}

/** What came for one account. */
function openTally(who: string) {
  const accepted: number[] = []
  const refused: number[] = []
  const statuses: Record<number, number> = {}
  let [sent, unsent, open, withoutRetryAfter] = [0, 0, 0, 0]
  return {
    get open() {
      return open
    },
    leave(): void {
      unsent += 1
    },
    async send(send: Send): Promise<void> {
      sent += 1
      open += 1
      const startedAt = performance.now()
      const broken = { status: 0, saysWhen: true, waitedMs: 0 }
      const { status, saysWhen, waitedMs } = await send().catch(() => broken)
      open -= 1
      statuses[status] = (statuses[status] ?? 0) + 1
      const times = status === 200 ? accepted : refused
      times.push(performance.now() - startedAt - waitedMs)
      if (status !== 200 && !saysWhen) withoutRetryAfter += 1
    },
    result: (): Answered => ({
      who,
      sent,
      unsent,
      accepted: summarize(accepted),
      refused: summarize(refused),
      statuses,
      withoutRetryAfter,
    }),
  }
}

function senderOf(what: Traffic, who: string): Send {
  const send = what === 'calls' ? callers.get(who)?.send : talkers.get(who)
  if (!send) throw new Error(`The account "${who}" has nothing to send`)
  return send
}

async function ask({ what, who, clients, ms }: LoadOrder & { do: 'ask' }): Promise<Answered> {
  const tally = openTally(who)
  const until = performance.now() + ms
  const client = async () => {
    while (performance.now() < until) await tally.send(senderOf(what, who))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return tally.result()
}

/** What `sending` has done, and how late this program was meanwhile. */
async function watched(
  startedAt: number,
  sending: readonly Promise<Answered & { seconds: number }>[],
): Promise<LoadResult> {
  const late: number[] = []
  let turnedAt = startedAt
  const turning = setInterval(() => {
    late.push(Math.max(0, performance.now() - turnedAt - 10))
    turnedAt = performance.now()
  }, 10)
  const accounts = await Promise.all(sending)
  clearInterval(turning)
  const seconds = Math.max(...accounts.map((account) => account.seconds))
  return { accounts, seconds, ownDelay: summarize(late) }
}

function load(what: Traffic, shares: readonly Share[], ms: number): Promise<LoadResult> {
  const startedAt = performance.now()
  return watched(startedAt, sendPaced(startedAt, what, shares, ms))
}

function sendPaced(startedAt: number, what: Traffic, shares: readonly Share[], ms: number) {
  return shares.map(async ({ who, perSecond }) => {
    const tally = openTally(who)
    const send = senderOf(what, who)
    await pace({ seconds: ms / 1000, perSecond }, () => {
      if (tally.open < MAX_OPEN) void tally.send(send)
      else tally.leave()
    })
    const seconds = (performance.now() - startedAt) / 1000
    await eventually('An answer to all that was sent', () => tally.open === 0 || undefined)
    return { seconds, ...tally.result() }
  })
}

/** Clients that ask again at once, whatever they were told. */
function crowd({ crowds, shares, ms }: LoadOrder & { do: 'crowd' }): Promise<LoadResult> {
  const startedAt = performance.now()
  const impatient = crowds.map(async ({ who, clients }) => {
    const answered = await ask({ do: 'ask', what: 'calls', who, clients, ms })
    return { seconds: (performance.now() - startedAt) / 1000, ...answered }
  })
  return watched(startedAt, [...impatient, ...sendPaced(startedAt, 'calls', shares, ms)])
}

/** Every acknowledged message is in its conversation, once, where it was said to be. */
async function readBack(): Promise<ReadBack> {
  const complaints: string[] = []
  for (const { endpoint, jwt, conversationId, acknowledged } of conversations) {
    const place = { jwt, conversationId, dialogId: conversationId }
    const stored = await eventually('A history', () => readHistory(endpoint, place))
    const places = new Map<string, number[]>()
    for (const { text, sequence } of stored) {
      places.set(text, [...(places.get(text) ?? []), sequence])
    }
    for (const { text, sequence } of acknowledged) {
      const found = places.get(text) ?? []
      if (found.length === 1 && found[0] === sequence) continue
      complaints.push(`${conversationId}: "${text}" (${sequence}) is stored at ${found.join(', ')}`)
    }
  }
  const count = conversations.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
  return { acknowledged: count, complaints }
}

answerOrders(async (order: LoadOrder) => {
  if (order.do === 'call') {
    for (const { end } of callers.values()) end()
    for (const caller of order.callers) {
      callers.set(caller.who, await openCaller(order.url, caller, caller.connections))
    }
    return undefined
  }
  if (order.do === 'meet') return await meet(order)
  if (order.do === 'ask') return await ask(order)
  if (order.do === 'crowd') return await crowd(order)
  if (order.do === 'load') return await load(order.what, order.shares, order.ms)
  return await readBack()
})
