import { call, type Endpoint } from '@parley/client'
import { createUser } from '@parley/contract'
import { freePort } from '../apps/server/testing/free-port.ts'
import { startParley } from '../e2e/live/parley.ts'
import { type DiskResult, diskRow, watchDisk } from './disk.ts'
import { adminSession, liftLimits } from './deployed-function.ts'
import { forkProgram } from './forked.ts'
import type { CrowdOrder } from './load/crowd-orders.ts'
import type { Summary } from './load/summary.ts'
import type { FanOutResult, OpeningsResult, TalkOrder, TalkResult } from './load/talk-orders.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'

const PASSWORD = 'Measure-Me-4711'
const TEXT = 'a message of a conversation, as long as this one is; '.repeat(4)

interface Plan {
  agents: number
  conversations: number
  perSecond: number
  seconds: number
  rounds: number
  fanOuts: number
}

const FULL: Plan = {
  agents: 50,
  conversations: 500,
  perSecond: 1_000,
  seconds: 10,
  rounds: 5,
  fanOuts: 200,
}
const SHORT: Plan = {
  agents: 5,
  conversations: 25,
  perSecond: 100,
  seconds: 2,
  rounds: 1,
  fanOuts: 20,
}

async function startEcho(sockets: number) {
  await using opened = new AsyncDisposableStack()
  const port = await freePort()
  opened.use(await forkProgram('targets/ws-echo.ts', { env: { PORT: String(port) } }))
  const crowd = opened.use(await forkProgram('load/crowd.ts'))
  const members = Array.from({ length: sockets }, () => ({ url: `ws://127.0.0.1:${port}/` }))
  await crowd.ask({ do: 'open', members } satisfies CrowdOrder)
  const frames = members.map(() => JSON.stringify({ id: '{{id}}', text: TEXT }))
  const resources = opened.move()
  return {
    pace: (rate: { seconds: number; perSecond: number }) =>
      crowd.ask<Summary>({ do: 'pace', frames, ...rate } satisfies CrowdOrder),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function makeAgents(
  endpoint: Endpoint,
  session: Awaited<ReturnType<typeof adminSession>>,
  count: number,
) {
  await liftLimits(session)
  const people: { user: string; password: string }[] = []
  for (let index = 0; index < count; index++) {
    const user = `bench-agent-${index}`
    await call({ ...endpoint, bearer: session.bearer }, createUser, {
      body: {
        loginName: user,
        nickname: user,
        password: PASSWORD,
        role: 'agent-manager',
        maxSlots: 999,
      },
    })
    people.push({ user, password: PASSWORD })
  }
  return people
}

interface Round {
  echo: Summary
  talk: TalkResult
  fanOut: FanOutResult
  openings: OpeningsResult
  /** While the consumers talked. */
  disk: DiskResult
}

export async function benchMessages({ short }: BenchOptions): Promise<BenchReport> {
  const plan = short ? SHORT : FULL
  const { perSecond, seconds, conversations } = plan
  await using echo = await startEcho(conversations)
  await using parley = await startParley()
  await using crowd = await forkProgram('load/talk.ts')
  await using disk = await watchDisk()
  const { endpoint } = parley
  const agents = await makeAgents(endpoint, await adminSession(parley), plan.agents)
  const ask = <Answer>(order: TalkOrder) => crowd.ask<Answer>(order)
  await ask({ do: 'meet', endpoint, agents, conversations })
  await ask({ do: 'talk', perSecond, seconds: 1 })
  await echo.pace({ perSecond, seconds: 1 })

  const rounds: Round[] = []
  for (let turn = 0; turn < plan.rounds; turn++) {
    const echoed = await echo.pace({ perSecond, seconds })
    const talk = ask<TalkResult>({ do: 'talk', perSecond, seconds })
    rounds.push({
      echo: echoed,
      disk: await disk.watch(seconds),
      talk: await talk,
      fanOut: await ask({ do: 'fan-out', messages: plan.fanOuts }),
      openings: await ask({ do: 'openings', endpoint, consumers: 32, seconds: seconds / 2 }),
    })
  }

  const row = (
    what: string,
    of: (measured: Round) => Summary,
    rate?: (measured: Round) => number,
  ) => ({
    what,
    ...(rate && { 'per s': round(median(rounds.map(rate))) }),
    'p50 ms': round(median(rounds.map((measured) => of(measured).p50Ms))),
    'p99 ms': round(median(rounds.map((measured) => of(measured).p99Ms))),
  })
  const observers = plan.agents
  return {
    rows: [
      row(
        `bare ws echo, ${perSecond}/s over ${conversations} sockets`,
        (measured) => measured.echo,
      ),
      row(
        `publish → the other side, ${perSecond}/s through ${conversations} conversations`,
        ({ talk }) => talk.heard,
        ({ talk }) => talk.perSecond,
      ),
      row('publish → stored and answered', ({ talk }) => talk.stored),
      diskRow(rounds.map((measured) => measured.disk)),
      row(`publish → the first of ${observers} observers`, ({ fanOut }) => fanOut.first),
      row(`publish → the last of ${observers} observers`, ({ fanOut }) => fanOut.last),
      row(
        'request for a conversation → opened, 32 consumers that close theirs again',
        ({ openings }) => openings.answer,
        ({ openings }) => openings.perSecond,
      ),
    ],
    bars: [],
    details: rounds,
  }
}
