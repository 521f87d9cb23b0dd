import { accountRows, type CpuByThread } from './cpu-account.ts'
import {
  sample,
  type Sample,
  startFramework,
  startProduct,
  startRaw,
  type Target,
  type TargetName,
} from './invoke-targets.ts'
import { type BenchOptions, type BenchReport, median, rotated, round } from './report.ts'

export type Round = Partial<Record<TargetName, Sample>>
export type FullRound = Round & Record<'raw' | 'framework' | 'parley', Sample>

const ORDER: TargetName[] = [
  'raw',
  'framework',
  'workerd',
  'serverless-offline',
  'parley',
  'beside',
]

/** Every target once per round. */
export async function runRounds(
  all: Target[],
  { connections, seconds, rounds }: { connections: number; seconds: number; rounds: number },
): Promise<FullRound[]> {
  const measured: FullRound[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const samples: Round = {}
    for (const target of rotated(all, turn)) {
      await target.renew?.()
      samples[target.name] = await sample(target, connections, seconds)
    }
    measured.push(samples as FullRound)
  }
  return measured
}

function samplesOf(rounds: Round[], name: TargetName): Sample[] {
  return rounds.flatMap((measured) => measured[name] ?? [])
}

function accountsOf(rounds: Round[]): Record<string, CpuByThread[]> {
  const of = (name: TargetName) => samplesOf(rounds, name).map(({ threads }) => threads)
  return { raw: of('raw'), parley: of('parley'), beside: of('beside') }
}

export function rowsOf(rounds: Round[], connections: number) {
  return ORDER.flatMap((name) => {
    const samples = samplesOf(rounds, name)
    if (samples.length === 0) return []
    const of = (key: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMicros') =>
      round(median(samples.map((sample) => sample[key])))
    const speeds = samples.map(({ perSecond }) => round(perSecond))
    return {
      connections,
      target: name,
      'req/s': of('perSecond'),
      'min–max': `${Math.min(...speeds)}–${Math.max(...speeds)}`,
      'p50 ms': of('p50Ms'),
      'p99 ms': of('p99Ms'),
      'CPU µs': of('cpuMicros'),
    }
  })
}

export async function benchInvoke(options: BenchOptions): Promise<BenchReport> {
  await using parley = await startProduct()
  return await measureBesidePeers(parley, options)
}

/**
 * Direct invocations of a running product, next to a bare echo, to functions-framework and, if asked for, to the product of
 * another checkout.
 */
export async function measureBesidePeers(
  parley: Target,
  { short, account, beside }: BenchOptions,
): Promise<BenchReport> {
  await using others = new AsyncDisposableStack()
  await using raw = await startRaw()
  await using peer = await startFramework()
  const all: Target[] = [raw, peer, parley]
  if (beside) all.push(others.use(await startProduct(beside)))
  for (const target of all) await sample(target, 32, short ? 0.3 : 3)

  const many = await runRounds(all, {
    connections: 32,
    seconds: short ? 0.5 : 8,
    rounds: short ? 1 : 5,
  })
  const one = await runRounds(all, {
    connections: 1,
    seconds: short ? 0.5 : 4,
    rounds: short ? 1 : 5,
  })
  const ratio = (
    rounds: FullRound[],
    key: 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMicros',
    to: 'raw' | 'framework',
  ) => median(rounds.map((measured) => measured.parley[key] / measured[to][key]))

  return {
    rows: [...rowsOf(many, 32), ...rowsOf(one, 1)],
    ...(account && { account: accountRows(accountsOf(many)) }),
    bars: [
      {
        name: 'P1',
        measure: 'requests per second ÷ raw node:http, 32 connections',
        reached: ratio(many, 'perSecond', 'raw'),
        bar: 0.7,
        wants: 'more',
      },
      {
        name: 'P2',
        measure: 'requests per second ÷ functions-framework, 32 connections',
        reached: ratio(many, 'perSecond', 'framework'),
        bar: 2.8,
        wants: 'more',
      },
      {
        name: 'P3',
        measure: 'p50 ÷ raw p50, 1 connection',
        reached: ratio(one, 'p50Ms', 'raw'),
        bar: 3.5,
        wants: 'less',
      },
      {
        name: 'P4',
        measure: 'CPU per request ÷ raw, 32 connections',
        reached: ratio(many, 'cpuMicros', 'raw'),
        bar: 1.9,
        wants: 'less',
      },
      {
        name: 'p99',
        measure: 'p99 ÷ raw p99, 32 connections',
        reached: ratio(many, 'p99Ms', 'raw'),
        bar: 3.2,
        wants: 'less',
      },
    ],
    details: { many, one },
  }
}
