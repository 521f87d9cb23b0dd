import { once } from 'node:events'
import WebSocket from 'ws'
import { answerOrders } from '../answer-orders.ts'
import type { AskResult, CrowdMember, CrowdOrder } from './crowd-orders.ts'
import { pace } from './pace.ts'
import { type Summary, summarize } from './summary.ts'

const OPENED_AT_ONCE = 50
const PATIENCE_MS = 300_000

const sockets: WebSocket[] = []
/** By id, the requests that are not answered yet. */
const waiting = new Map<string, (frame: string) => void>()

/** Echoes have the id as `id`, answers as `reqId`. */
function hear(data: Buffer): void {
  const frame = data.toString('latin1')
  const id = /"(?:id|reqId)":"([^"]+)"/.exec(frame)?.[1]
  if (id === undefined) return
  const heard = waiting.get(id)
  waiting.delete(id)
  heard?.(frame)
}

async function openSocket({ url, headers = {} }: CrowdMember): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  socket.on('message', hear)
  await once(socket, 'open')
  return socket
}

/** Sockets stand in the order of their members, in whatever order they open: each has frames of its own. */
async function open(members: CrowdMember[]): Promise<number> {
  const queue = members.entries()
  const first = sockets.length
  await Promise.all(
    Array.from({ length: OPENED_AT_ONCE }, async () => {
      for (const [index, member] of queue) sockets[first + index] = await openSocket(member)
    }),
  )
  return sockets.length
}

async function close(): Promise<number> {
  const closing = sockets.splice(0)
  await Promise.all(
    closing.map((socket) => {
      const closed = once(socket, 'close')
      socket.close()
      return closed
    }),
  )
  return closing.length
}

/** Resolves with the latency. */
function exchange(socket: WebSocket, template: string, id: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    waiting.set(id, (frame) => {
      const code = Number(/"code":(\d+)/.exec(frame)?.[1] ?? 200)
      if (code < 400) resolve(performance.now() - startedAt)
      else reject(new Error(`Answered: ${frame}`))
    })
    socket.send(template.replace('{{id}}', id))
  })
}

async function ask(frames: string[], seconds: number): Promise<AskResult> {
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  await Promise.all(
    sockets.slice(0, frames.length).map(async (socket, index) => {
      for (let sent = 0; performance.now() < until; sent++) {
        const id = `${index}-${startedAt.toFixed(3)}-${sent}`
        latencies.push(await exchange(socket, frames[index] ?? '', id))
      }
    }),
  )
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  return { ...summarize(latencies), perSecond }
}

async function askAtPace(
  frames: string[],
  rate: { seconds: number; perSecond: number },
): Promise<Summary> {
  const startedAt = performance.now().toFixed(3)
  const exchanges: Promise<number>[] = []
  await pace(rate, (index) => {
    const place = index % frames.length
    const socket = sockets[place]
    if (!socket) throw new Error('There are fewer sockets than frames')
    exchanges.push(exchange(socket, frames[place] ?? '', `${startedAt}-${index}`))
  })
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('Answers are missing')), PATIENCE_MS).unref()
  })
  return summarize(await Promise.race([Promise.all(exchanges), late]))
}

answerOrders((order: CrowdOrder) => {
  if (order.do === 'open') return open(order.members)
  if (order.do === 'close') return close()
  if (order.do === 'ask') return ask(order.frames, order.seconds)
  return askAtPace(order.frames, order)
})
