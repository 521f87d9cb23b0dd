import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import {
  type Agent,
  call,
  type Connect,
  type Consumer,
  type Endpoint,
  openAgent,
  openConsumer,
  type Session,
} from '@parley/client'
import * as contract from '@parley/contract'
import * as z from 'zod'
import type { AgentLogin } from './cluster-stage.ts'
import type { Timings } from './timings.ts'

/** Between two requests of one client. */
const PAUSE_MS = 250

const Message = z.looseObject({
  dialogId: z.string(),
  sequence: z.number().optional(),
  event: z.looseObject({ type: z.string(), message: z.unknown().optional() }),
})
const Messages = z.looseObject({ changes: z.array(Message) })

/** What one agent has been sent of each dialog, in the order of arrival. */
export type Heard = Map<string, { sequence: number; text: string }[]>

const WANTED = ['"kind":"resp"', 'RoutingTask', 'OnlineEvent', 'MessagingEvent']

/** Drops lists of conversations before they are parsed: all agents are in this one process. */
function connectQuietly(address: string): ReturnType<Connect> {
  const socket = new WebSocket(address)
  const listeners = new Set<(event: { data: unknown }) => void>()
  socket.on('message', (data: Buffer) => {
    if (!WANTED.some((text) => data.subarray(0, 200).includes(text))) return
    for (const listener of listeners) listener({ data })
  })
  return {
    get readyState() {
      return socket.readyState
    },
    send: (text: string) => socket.send(text),
    close: () => socket.close(),
    addEventListener(type: string, listener: (event: never) => void) {
      if (type === 'message') listeners.add(listener as (event: { data: unknown }) => void)
      else socket.addEventListener(type as 'close', listener as () => void)
    },
  }
}

export async function makeAgents(
  admin: Session,
  prefix: string,
  count: number,
): Promise<AgentLogin[]> {
  const agents = Array.from({ length: count }, (_, nth) => {
    return { user: `${prefix}${nth}`, password: crypto.randomUUID() }
  })
  for (const { user, password } of agents) {
    const body = { loginName: user, password, skillIds: ['1001', '1002'], maxSlots: 100 }
    await call(admin, contract.createUser, { body })
  }
  return agents
}

/** An agent that takes what rings, and notes all messages that it is sent. */
export async function openDesk(
  endpoint: Endpoint,
  login: AgentLogin,
): Promise<{ agent: Agent; heard: Heard }> {
  const agent = await openAgent(endpoint, login, { connect: connectQuietly })
  const heard: Heard = new Map()
  agent.socket.subscribe(({ type, body }) => {
    if (!/OnlineEventDistribution|MessagingEventNotification/.test(type)) return
    const many = Messages.safeParse(body).data
    for (const { dialogId, sequence, event } of many?.changes ?? [Message.parse(body)]) {
      if (event.type !== 'ContentEvent' || sequence === undefined) continue
      const own = heard.get(dialogId) ?? []
      heard.set(dialogId, own)
      own.push({ sequence, text: String(event.message) })
    }
  })
  agent.onRing((conversationId) => void agent.accept(conversationId).catch(() => undefined))
  return { agent, heard }
}

/** A consumer with a conversation, who talks until told to stop, and comes back when the node has ended. */
export interface Talker {
  readonly conversationId: string
  /** What was acknowledged, in order. */
  readonly said: { sequence: number; text: string }[]
  /** Resolves when it has stopped. */
  talk(): Promise<void>
}

/**
 * @param endpoint asked for each connection: where to connect now, or nothing when nowhere
 * @param timings of its messages, each until it is acknowledged, however often it had to be sent
 */
export async function openTalker(
  endpoint: () => Endpoint,
  over: AbortSignal,
  timings: Timings,
): Promise<Talker> {
  let consumer: Consumer | undefined = await openConsumer(endpoint())
  const { jwt } = consumer
  const conversationId = await consumer.openConversation('1001')
  const said: Talker['said'] = []

  async function say(text: string): Promise<void> {
    const requestId = crypto.randomUUID()
    for (;;) {
      try {
        consumer ??= await openConsumer(endpoint(), { jwt })
        const sequence = await consumer.say(conversationId, text, { requestId })
        said.push({ sequence, text })
        return
      } catch {
        // Its node has ended, or the database is away: the same message is sent again.
        consumer?.[Symbol.dispose]()
        consumer = undefined
        await sleep(PAUSE_MS)
      }
    }
  }

  async function talk(): Promise<void> {
    for (let nth = 0; !over.aborted; nth++) {
      await timings.time(() => say(`line ${nth}`))
      await sleep(PAUSE_MS)
    }
    consumer?.[Symbol.dispose]()
  }

  return { conversationId, said, talk }
}

/** Asks the time by the sockets of agents, one after the other. */
export async function probe(
  agents: readonly Agent[],
  over: AbortSignal,
  timings: Timings,
): Promise<void> {
  for (let nth = 0; !over.aborted; nth++) {
    const agent = agents[nth % agents.length]
    // A socket that was closed is counted where it closes.
    await timings.time(async () => agent?.socket.request('.GetClock', {}).catch(() => undefined))
    await sleep(20)
  }
}
