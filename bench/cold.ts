import { setTimeout as sleep } from 'node:timers/promises'
import { appToken } from '@parley/client'
import { type LiveParley, newDataDir, startParley } from '../e2e/live/parley.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { accountOf, accountRows, type CpuByThread, spentSince } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

interface Caller {
  urls: string[]
  token: string
}

/** Invokes a function that has not run yet; its latency. */
async function firstCall({ urls, token }: Caller): Promise<number> {
  const url = urls.pop()
  if (!url) throw new Error('Every deployed function has run already')
  const nonce = crypto.randomUUID()
  const startedAt = performance.now()
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: ECHO_BODY.replace('{{nonce}}', nonce),
  })
  const body = await answer.text()
  const latency = performance.now() - startedAt
  if (!answer.ok || !body.includes(nonce)) throw new Error(`Answered ${answer.status}: ${body}`)
  return latency
}

/** Deploys with a server of its own, which stops: the test of each deployment leaves it an instance. */
async function deployedBefore(dataDir: string, count: number): Promise<string[]> {
  await using parley = await startParley({ dataDir })
  const session = await adminSession(parley)
  const functionIds: string[] = []
  for (let index = 0; index < count; index++) {
    functionIds.push(await deploy(session, { name: `bench_cold_${index}`, code: ECHO_CODE }))
  }
  return functionIds
}

async function callerOf(parley: LiveParley, functionIds: readonly string[]): Promise<Caller> {
  const session = await adminSession(parley)
  const urls = functionIds.map((functionId) => invokeUrl(session, functionId))
  return { urls, token: await appToken(parley.endpoint, parley.firstRun.client) }
}

/** Long enough for the warm pool to be full again. */
const REFILL_MS = 600

export async function benchCold({ short, account }: BenchOptions): Promise<BenchReport> {
  const rounds = short ? 1 : 5
  const perRound = short ? 3 : 8
  const burst = short ? 6 : 16
  await using opened = new AsyncDisposableStack()
  const dataDir = newDataDir()
  opened.defer(() => removeFolder(dataDir))
  const functionIds = await deployedBefore(dataDir, rounds * (perRound + burst) + 1)
  const parley = opened.use(await startParley({ dataDir }))
  const caller = await callerOf(parley, functionIds)
  await firstCall(caller)

  const measured: { alone: number[]; burst: number[]; threads: CpuByThread }[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const alone: number[] = []
    for (let index = 0; index < perRound; index++) {
      await sleep(REFILL_MS)
      alone.push(await firstCall(caller))
    }
    await sleep(REFILL_MS)
    const before = accountOf(parley.pid)
    const latencies = await Promise.all(Array.from({ length: burst }, () => firstCall(caller)))
    const threads = spentSince(before, accountOf(parley.pid), burst)
    measured.push({ alone, burst: latencies, threads })
  }

  const row = (key: 'alone' | 'burst', what: string) => ({
    what,
    'p50 ms': round(median(measured.map((turn) => percentile(turn[key], 0.5)))),
    'worst ms': round(Math.max(...measured.flatMap((turn) => turn[key]))),
  })
  return {
    rows: [
      row('alone', 'one at a time: from the pool'),
      row('burst', `${burst} at once: the pool runs dry, instances are started`),
    ],
    bars: [
      {
        name: 'P5',
        measure: 'p50 ms, deployed but not running → first result, from the pool',
        reached: median(measured.map((turn) => percentile(turn.alone, 0.5))),
        bar: 15,
        wants: 'less',
      },
    ],
    ...(account && { account: accountRows({ burst: measured.map(({ threads }) => threads) }) }),
    details: measured,
  }
}
