import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appToken, call } from '@parley/client'
import { changeAccountSettings } from '@parley/contract'
import pg from 'pg'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { spentBy } from './cpu-account.ts'
import {
  adminSession,
  answerEvents,
  deploy,
  ECHO_BODY,
  ECHO_CODE,
  invokeUrl,
} from './deployed-function.ts'
import { forkProgram } from './forked.ts'
import { applyLoad } from './load/plan.ts'
import type { VisitOrder, VisitResult } from './load/visit-orders.ts'
import { type BenchOptions, type BenchReport, median, rotated, round } from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

const AT_ONCE = { direct: 32, pairs: 64 }
const POLICIES = { direct: ['off', 'events', 'all'], pairs: ['off', 'events'] } as const
type Kind = keyof typeof POLICIES
type Policy = (typeof POLICIES)[Kind][number]

const LOOK_EVERY_MS = 250
/** Share of one processor below which the server and its database count as idle. */
const IDLE_SHARE = 0.1

interface Sample {
  runs: number
  perSecond: number
  /** Of server, instances and database for each run, the writing afterwards included. */
  cpuMicros: number
  /** Recordings by how much they keep. */
  kept: Record<'whole' | 'metadata', number>
}

type Round = Record<Kind, Partial<Record<Policy, Sample>>>

/** What recording costs: the same load under each policy of the account, in turn. */
export async function benchRecording({ short }: BenchOptions): Promise<BenchReport> {
  const plan = short ? { rounds: 1, seconds: 0.5 } : { rounds: 9, seconds: 5 }
  const dataDir = newDataDir()
  using _removed = { [Symbol.dispose]: () => removeFolder(dataDir) }
  await using postgres = await forkProgram('targets/postgres.ts', {
    env: { DATA: join(dataDir, 'postgres') },
  })
  const url = await postgres.ask<string>('where')
  await using parley = await startParley({ env: { DATABASE_URL: url } })
  await using crowd = await forkProgram('load/visits.ts')
  const database = new pg.Client(url)
  await database.connect()
  await using _closed = { [Symbol.asyncDispose]: () => database.end() }

  const session = await adminSession(parley)
  await answerEvents(session)
  const functionId = await deploy(session, { name: 'bench_echo', code: ECHO_CODE })
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  const direct = {
    url: invokeUrl(session, functionId),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: ECHO_BODY,
    connections: AT_ONCE.direct,
  }
  const { endpoint } = parley
  await crowd.ask({ do: 'arrive', endpoint, consumers: AT_ONCE.pairs } satisfies VisitOrder)

  const load: Record<Kind, (seconds: number) => Promise<{ runs: number; perSecond: number }>> = {
    async direct(seconds) {
      const { requests, perSecond } = await applyLoad({ ...direct, seconds })
      return { runs: requests, perSecond }
    },
    async pairs(seconds) {
      const { count, perSecond } = await crowd.ask<VisitResult>({ do: 'change', seconds })
      return { runs: count, perSecond }
    },
  }
  const spent = () => spentBy([parley.pid, postgres.pid])

  async function untilIdle(): Promise<void> {
    for (let before = spent(); ;) {
      await sleep(LOOK_EVERY_MS)
      const now = spent()
      if (now - before < LOOK_EVERY_MS * 1000 * IDLE_SHARE) return
      before = now
    }
  }

  async function keptSoFar(): Promise<Sample['kept']> {
    const { rows } = await database.query<{ kept: 'whole' | 'metadata'; runs: number }>(
      `select kept, count(*)::int as runs from (
        select recording->>'kept' as kept from recording
        union all
        select case when trace like '{"kept":"metadata"%' then 'metadata' else 'whole' end
          from invocation where trace is not null
      ) recorded group by 1`,
    )
    const counted = Object.fromEntries(rows.map(({ kept, runs }) => [kept, runs]))
    return { whole: counted['whole'] ?? 0, metadata: counted['metadata'] ?? 0 }
  }

  async function sample(kind: Kind, policy: Policy, seconds: number): Promise<Sample> {
    await call(session, changeAccountSettings, { body: { recordings: { policy } } })
    const keptBefore = await keptSoFar()
    await untilIdle()
    const before = spent()
    const { runs, perSecond } = await load[kind](seconds)
    await untilIdle()
    const cpuMicros = (spent() - before) / runs
    const { whole, metadata } = await keptSoFar()
    const kept = { whole: whole - keptBefore.whole, metadata: metadata - keptBefore.metadata }
    return { runs, perSecond, cpuMicros, kept }
  }

  async function playRound(turn: number, seconds: number): Promise<Round> {
    const measured: Round = { direct: {}, pairs: {} }
    for (const kind of ['direct', 'pairs'] as const) {
      for (const policy of rotated<Policy>(POLICIES[kind], turn)) {
        measured[kind][policy] = await sample(kind, policy, seconds)
      }
    }
    return measured
  }

  await playRound(0, plan.seconds / 2)
  const rounds: Round[] = []
  for (let turn = 0; turn < plan.rounds; turn++) rounds.push(await playRound(turn, plan.seconds))
  return reportOf(rounds)
}

type Read = (sample: Sample, off: Sample) => number

function reportOf(rounds: Round[]): BenchReport {
  const each = (kind: Kind, policy: Policy, read: Read) =>
    rounds.flatMap(({ [kind]: { [policy]: sample, off } }) =>
      sample && off ? read(sample, off) : [],
    )
  const middle = (kind: Kind, policy: Policy, read: Read) => median(each(kind, policy, read))
  const speedOf: Read = ({ perSecond }, off) => perSecond / off.perSecond
  const cpuOf: Read = ({ cpuMicros }, off) => cpuMicros / off.cpuMicros
  const beyondOff: Read = ({ cpuMicros }, off) => cpuMicros - off.cpuMicros
  const marked: Read = ({ kept, runs }) => kept.metadata / runs

  const row = (kind: Kind, policy: Policy) => {
    const speeds = each(kind, policy, ({ perSecond }) => round(perSecond))
    return {
      what: kind === 'direct' ? 'direct calls' : 'change → function → command',
      policy: policy === 'events' ? 'events (default)' : policy,
      'per s': round(middle(kind, policy, ({ perSecond }) => perSecond)),
      'min–max': `${Math.min(...speeds)}–${Math.max(...speeds)}`,
      '÷ off': round(middle(kind, policy, speedOf)),
      'CPU µs': round(middle(kind, policy, ({ cpuMicros }) => cpuMicros)),
      'CPU ÷ off': round(middle(kind, policy, cpuOf)),
      'more than off, µs': round(middle(kind, policy, beyondOff)),
      'metadata only': round(middle(kind, policy, marked)),
    }
  }
  const bar = (kind: Kind, what: string) => ({
    name: 'recording',
    measure: `${what} per second, default ÷ off`,
    reached: middle(kind, 'events', speedOf),
    bar: 0.95,
    wants: 'more' as const,
  })
  return {
    rows: (['direct', 'pairs'] as const).flatMap((kind) =>
      POLICIES[kind].map((policy) => row(kind, policy)),
    ),
    bars: [bar('direct', 'direct calls'), bar('pairs', 'pairs')],
    details: rounds,
  }
}
