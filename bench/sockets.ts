import { readFileSync } from 'node:fs'
import { type Endpoint, openConsumer, signUp } from '@parley/client'
import { freePort } from '../apps/server/testing/free-port.ts'
import { startParley } from '../e2e/live/parley.ts'
import { cpuSeconds, ownCpuSeconds, ownPssBytes } from '../e2e/live/process-tree.ts'
import { adminSession, liftLimits } from './deployed-function.ts'
import { type Forked, forkProgram } from './forked.ts'
import { collectGarbage, INSPECTABLE } from './inspector.ts'
import { connectWs } from './load/connect-ws.ts'
import type { AskResult, CrowdMember } from './load/crowd-orders.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'

const IDLE_SOCKETS = 10_000
/** Files that a server or a client has open beside its sockets. */
const OTHER_FILES = 500
const ASKING = 100
const WORDS = 'a message of a conversation, as long as this one is; '.repeat(4)

interface Target {
  name: 'ws' | 'parley'
  pid: number
  printed(): string
  member(jwt: string | undefined): CrowdMember
}

/** Node raises its soft limit to the hard one at its start. */
function mostOpenFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1]
  return hard === 'unlimited' ? Infinity : Number(hard)
}

function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const runner = async () => {
    for (const [index, item] of queue) results[index] = await run(item)
  }
  return Promise.all(Array.from({ length: atOnce }, runner)).then(() => results)
}

/** What each idle socket costs, with garbage collected before and after. */
async function idleBytes(target: Target, crowd: Forked, jwts: string[]): Promise<number> {
  const members = jwts.map((jwt) => target.member(jwt))
  // The first sockets make the code warm, which is not what a socket costs.
  await crowd.ask({ do: 'open', members: members.slice(0, 200) })
  await crowd.ask({ do: 'close' })
  await collectGarbage(target.printed())
  const before = ownPssBytes(target.pid)
  const opened = await crowd.ask<number>({ do: 'open', members })
  await collectGarbage(target.printed())
  const bytes = (ownPssBytes(target.pid) - before) / opened
  await crowd.ask({ do: 'close' })
  return bytes
}

interface Asked extends AskResult {
  /** Of the process that has the sockets. */
  cpuMicros: number
  /** Of everything, PostgreSQL included. */
  allCpuMicros: number
}

async function asked(target: Target, crowd: Forked, order: object): Promise<Asked> {
  const own = ownCpuSeconds(target.pid)
  const all = cpuSeconds(target.pid)
  const result = await crowd.ask<AskResult>({ do: 'ask', ...order })
  const perRequest = (seconds: number) => (seconds * 1e6) / result.count
  return {
    ...result,
    cpuMicros: perRequest(ownCpuSeconds(target.pid) - own),
    allCpuMicros: perRequest(cpuSeconds(target.pid) - all),
  }
}

/** The same bytes for both: 300 of them, as a message has. */
function frames(type: string, bodies: object[]): string[] {
  return bodies.map((body) => JSON.stringify({ kind: 'req', id: '{{id}}', type, body }))
}

interface Round {
  echo: Asked
  clock: Asked
  publish: Asked
}

async function openConversation(endpoint: Endpoint, jwt: string): Promise<string> {
  using consumer = await openConsumer(endpoint, { jwt, connect: connectWs })
  return await consumer.openConversation()
}

/** Sockets that ask and are answered: an echo, a question to the server, a message that it stores. */
async function runRounds(
  { echo, product }: { echo: Target; product: Target },
  crowd: Forked,
  { jwts, conversations }: { jwts: string[]; conversations: string[] },
  { short }: BenchOptions,
): Promise<Round[]> {
  const questions = frames(
    'GetClock',
    conversations.map(() => ({ words: WORDS })),
  )
  const messages = frames(
    'ms.PublishEvent',
    conversations.map((conversationId) => ({
      dialogId: conversationId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: WORDS },
    })),
  )
  const seconds = short ? 0.7 : 5
  const session = async (target: Target, asks: string[]) => {
    await crowd.ask({ do: 'open', members: jwts.map((jwt) => target.member(jwt)) })
    await asked(target, crowd, { frames: asks, seconds: seconds / 5 })
    const result = await asked(target, crowd, { frames: asks, seconds })
    await crowd.ask({ do: 'close' })
    return result
  }
  const rounds: Round[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    const anchor = await session(echo, questions)
    const clock = await session(product, questions)
    rounds.push({ echo: anchor, clock, publish: await session(product, messages) })
  }
  return rounds
}

export async function benchSockets(options: BenchOptions): Promise<BenchReport> {
  const fitting = Math.min(IDLE_SOCKETS, mostOpenFiles() - OTHER_FILES)
  const sockets = options.short ? 1_000 : fitting
  if (fitting < IDLE_SOCKETS) console.log(`The open-file limit allows ${fitting} sockets only`)
  const port = await freePort()
  await using echo = await forkProgram('targets/ws-echo.ts', {
    env: { PORT: String(port) },
    execArgv: INSPECTABLE,
  })
  await using parley = await startParley({ env: { NODE_OPTIONS: INSPECTABLE.join(' ') } })
  await using crowd = await forkProgram('load/crowd.ts')
  const { endpoint } = parley
  await liftLimits(await adminSession(parley))
  const consumers = `${endpoint.url.replace('http', 'ws')}/ws_api/account/${endpoint.accountId}/messaging/consumer?v=3`
  const anchor: Target = {
    name: 'ws',
    pid: echo.pid,
    printed: echo.output,
    member: () => ({ url: `ws://127.0.0.1:${port}/` }),
  }
  const product: Target = {
    name: 'parley',
    pid: parley.pid,
    printed: parley.output,
    member: (jwt) => ({ url: consumers, headers: { authorization: `jwt ${jwt}` } }),
  }

  const jwts = await inTurns(Array.from({ length: sockets }), 20, () => signUp(endpoint))
  const idle = {
    ws: await idleBytes(anchor, crowd, jwts),
    parley: await idleBytes(product, crowd, jwts),
  }
  const asking = jwts.slice(0, ASKING)
  const conversations = await inTurns(asking, 10, (jwt) => openConversation(endpoint, jwt))
  const rounds = await runRounds(
    { echo: anchor, product },
    crowd,
    { jwts: asking, conversations },
    options,
  )

  const of = (kind: keyof Round, key: keyof Asked) =>
    round(median(rounds.map((measured) => measured[kind][key])))
  const row = (kind: keyof Round, what: string) => ({
    what,
    'per s': of(kind, 'perSecond'),
    'p50 ms': of(kind, 'p50Ms'),
    'p99 ms': of(kind, 'p99Ms'),
    'CPU µs': of(kind, 'cpuMicros'),
    'CPU µs with PostgreSQL': of(kind, 'allCpuMicros'),
  })
  return {
    rows: [
      { what: `memory per idle socket of ${sockets}, bare ws`, bytes: round(idle.ws) },
      { what: `memory per idle socket of ${sockets}, consumers`, bytes: round(idle.parley) },
      row('echo', 'bare ws echo, 100 sockets'),
      row('clock', 'request and response (GetClock), 100 sockets'),
      row('publish', 'message published and stored, 100 sockets'),
    ],
    bars: [
      {
        name: 'P8',
        measure: `memory per idle consumer socket ÷ bare ws, ${sockets} sockets`,
        reached: idle.parley / idle.ws,
        bar: 1.8,
        wants: 'less',
      },
      {
        name: 'P9',
        measure: 'CPU per request and response ÷ bare ws echo',
        reached: median(rounds.map(({ clock, echo: bare }) => clock.cpuMicros / bare.cpuMicros)),
        bar: 3,
        wants: 'less',
      },
    ],
    details: { idle, rounds },
  }
}
