import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { appToken } from '@parley/client'
import { eventually } from '../e2e/live/eventually.ts'
import { freePort } from '../e2e/live/free-port.ts'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { cpuSeconds } from '../e2e/live/process-tree.ts'
import { accountOf, type CpuByThread, spentSince } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { applyLoad, type LoadResult } from './load/plan.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

const START = 'apps/server/src/start.mjs'
const JSON_HEADERS = { 'content-type': 'application/json' }

type TargetName = 'raw' | 'framework' | 'parley' | 'beside'

interface Target {
  name: TargetName
  pid: number
  url: string
  headers: Record<string, string>
}

interface Sample extends LoadResult {
  cpuMicros: number
  /** Microseconds of a call by process and thread. */
  threads: CpuByThread
}

/** Starts a program that listens on a port of ours, with the Node that runs this bench. */
async function startAnchor(
  name: 'raw' | 'framework',
  args: string[],
): Promise<Target & AsyncDisposable> {
  const port = await freePort()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}/`
  await eventually(`The first answer of ${name}`, async () => {
    const answer = await fetch(url, { method: 'POST', headers: JSON_HEADERS, body: '{}' })
    return (await answer.text()) === '{}' || undefined
  })
  return {
    name,
    pid: child.pid ?? 0,
    url,
    headers: JSON_HEADERS,
    async [Symbol.asyncDispose]() {
      child.kill()
      await new Promise((resolve) => child.once('close', resolve))
    },
  }
}

const targets = join(import.meta.dirname, 'targets')
const framework = join(
  import.meta.dirname,
  '../node_modules/@google-cloud/functions-framework/build/src/main.js',
)

/** Starts this product, or the one in another checkout, beside which it is measured. */
async function startProduct(checkout?: string): Promise<Target & AsyncDisposable> {
  const folder = checkout ?? join(import.meta.dirname, '..')
  const dataDir = newDataDir()
  const parley = await startParley({
    dataDir,
    cwd: folder,
    // As it is shipped: a line for every call, in a file.
    env: { PARLEY_LOG_LEVEL: 'info' },
    command: ['sh', '-c', 'exec "$0" "$@" 2>"$PARLEY_DATA/server.log"', process.execPath, START],
  })
  const session = await adminSession(parley)
  const functionId = await deploy(session, { name: 'bench_echo', code: ECHO_CODE })
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  return {
    name: checkout ? 'beside' : 'parley',
    pid: parley.pid,
    url: invokeUrl(session, functionId),
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token}` },
    async [Symbol.asyncDispose]() {
      await parley[Symbol.asyncDispose]()
      removeFolder(dataDir)
    },
  }
}

async function sample(target: Target, connections: number, seconds: number): Promise<Sample> {
  const before = cpuSeconds(target.pid)
  const account = accountOf(target.pid)
  const { url, headers } = target
  const result = await applyLoad({ url, headers, body: ECHO_BODY, connections, seconds })
  const cpuMicros = ((cpuSeconds(target.pid) - before) * 1e6) / result.requests
  const threads = spentSince(account, accountOf(target.pid), result.requests)
  return { ...result, cpuMicros, threads }
}

type Round = Partial<Record<TargetName, Sample>>
type FullRound = Round & Record<'raw' | 'framework' | 'parley', Sample>

/** Every target once per round, in an order that turns, so that drift and neighbours hit all alike. */
async function runRounds(
  all: Target[],
  { connections, seconds, rounds }: { connections: number; seconds: number; rounds: number },
): Promise<FullRound[]> {
  const measured: FullRound[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const samples: Round = {}
    for (let step = 0; step < all.length; step++) {
      const target = all[(turn + step) % all.length]
      if (target) samples[target.name] = await sample(target, connections, seconds)
    }
    measured.push(samples as FullRound)
  }
  return measured
}

function samplesOf(rounds: Round[], name: TargetName): Sample[] {
  return rounds.flatMap((measured) => measured[name] ?? [])
}

function rowsOf(rounds: Round[], connections: number) {
  return (['raw', 'framework', 'parley', 'beside'] as const).flatMap((name) => {
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

/** Where the microseconds of a call go: a row for each thread, a column for each product. */
function accountRows(rounds: Round[]) {
  const targets = (['raw', 'parley', 'beside'] as const).filter(
    (name) => samplesOf(rounds, name).length > 0,
  )
  const threads = new Set(
    rounds.flatMap((measured) =>
      Object.values(measured).flatMap((sample) => Object.keys(sample.threads)),
    ),
  )
  return [...threads].toSorted().map((thread) => {
    const micros = targets.map((name) => {
      const spent = samplesOf(rounds, name).map((sample) => sample.threads[thread] ?? 0)
      return [
        `${name} µs`,
        `${round(median(spent))} (${round(Math.min(...spent))}–${round(Math.max(...spent))})`,
      ]
    })
    return { thread, ...(Object.fromEntries(micros) as Record<string, string>) }
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
  await using raw = await startAnchor('raw', [join(targets, 'raw-echo.ts')])
  await using peer = await startAnchor('framework', [
    framework,
    '--target=echo',
    `--source=${join(targets, 'framework')}`,
  ])
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
    key: 'perSecond' | 'p50Ms' | 'cpuMicros',
    to: 'raw' | 'framework',
  ) => median(rounds.map((measured) => measured.parley[key] / measured[to][key]))

  return {
    rows: [...rowsOf(many, 32), ...rowsOf(one, 1)],
    ...(account && { account: accountRows(many) }),
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
        bar: 2,
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
        bar: 1.8,
        wants: 'less',
      },
    ],
    details: { many, one },
  }
}
