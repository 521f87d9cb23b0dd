import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { appToken } from '@parley/client'
import { eventually } from '../e2e/live/eventually.ts'
import { freePort } from '../e2e/live/free-port.ts'
import { startParley } from '../e2e/live/parley.ts'
import { cpuSeconds } from '../e2e/live/process-tree.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { applyLoad, type LoadResult } from './load/plan.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }

interface Target {
  name: 'raw' | 'framework' | 'parley'
  pid: number
  url: string
  headers: Record<string, string>
}

interface Sample extends LoadResult {
  cpuMicros: number
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

async function startProduct(): Promise<Target & AsyncDisposable> {
  const parley = await startParley()
  const session = await adminSession(parley)
  const functionId = await deploy(session, { name: 'bench_echo', code: ECHO_CODE })
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  return {
    name: 'parley',
    pid: parley.pid,
    url: invokeUrl(session, functionId),
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token}` },
    [Symbol.asyncDispose]: () => parley[Symbol.asyncDispose](),
  }
}

async function sample(target: Target, connections: number, seconds: number): Promise<Sample> {
  const before = cpuSeconds(target.pid)
  const { url, headers } = target
  const result = await applyLoad({ url, headers, body: ECHO_BODY, connections, seconds })
  const cpuMicros = ((cpuSeconds(target.pid) - before) * 1e6) / result.requests
  return { ...result, cpuMicros }
}

type Round = Record<Target['name'], Sample>

/** Every target once per round, in an order that turns, so that drift and neighbours hit all alike. */
async function runRounds(
  all: Target[],
  { connections, seconds, rounds }: { connections: number; seconds: number; rounds: number },
): Promise<Round[]> {
  const measured: Round[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const samples: Partial<Round> = {}
    for (let step = 0; step < all.length; step++) {
      const target = all[(turn + step) % all.length]
      if (target) samples[target.name] = await sample(target, connections, seconds)
    }
    measured.push(samples as Round)
  }
  return measured
}

function rowsOf(rounds: Round[], connections: number) {
  return (['raw', 'framework', 'parley'] as const).map((name) => {
    const of = (key: keyof Sample) => round(median(rounds.map((measured) => measured[name][key])))
    return {
      connections,
      target: name,
      'req/s': of('perSecond'),
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

/** Direct invocations of a running product, next to a bare echo and to functions-framework. */
export async function measureBesidePeers(
  parley: Target,
  { short }: BenchOptions,
): Promise<BenchReport> {
  await using raw = await startAnchor('raw', [join(targets, 'raw-echo.ts')])
  await using peer = await startAnchor('framework', [
    framework,
    '--target=echo',
    `--source=${join(targets, 'framework')}`,
  ])
  const all = [raw, peer, parley]
  for (const target of all) await sample(target, 32, short ? 0.5 : 3)

  const many = await runRounds(all, {
    connections: 32,
    seconds: short ? 1 : 8,
    rounds: short ? 2 : 5,
  })
  const one = await runRounds(all, {
    connections: 1,
    seconds: short ? 1 : 4,
    rounds: short ? 2 : 5,
  })
  const ratio = (rounds: Round[], key: keyof Sample, to: Target['name']) =>
    median(rounds.map((measured) => measured.parley[key] / measured[to][key]))

  return {
    rows: [...rowsOf(many, 32), ...rowsOf(one, 1)],
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
