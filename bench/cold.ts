import { setTimeout as sleep } from 'node:timers/promises'
import { appToken, type Session } from '@parley/client'
import { type LiveParley, newDataDir, startParley } from '../e2e/live/parley.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { accountOf, accountRows, type CpuByThread, spentSince } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

interface Caller {
  urls: string[]
  token: string
}

/** Sends a request to this machine, which the egress refuses: everything that a first request needs is loaded until then. Any other end fails. */
const REQUEST_CODE = `function lambda(input, callback) {
  fetch('http://127.0.0.1:9/').then(
    () => callback(new Error('The egress has let the request out')),
    (error) => error.message === 'fetch failed' ? callback(null, input.payload) : callback(error),
  )
}`

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
async function deployedBefore(
  dataDir: string,
  counts: Record<string, { code: string; count: number }>,
): Promise<Record<string, string[]>> {
  await using parley = await startParley({ dataDir })
  const session = await adminSession(parley)
  const functionIds: Record<string, string[]> = {}
  for (const [kind, { code, count }] of Object.entries(counts)) {
    functionIds[kind] = []
    for (let index = 0; index < count; index++) {
      functionIds[kind].push(await deploy(session, { name: `bench_${kind}_${index}`, code }))
    }
  }
  return functionIds
}

async function callerOf(
  parley: LiveParley,
  session: Session,
  functionIds: readonly string[] = [],
): Promise<Caller> {
  const urls = functionIds.map((functionId) => invokeUrl(session, functionId))
  return { urls, token: await appToken(parley.endpoint, parley.firstRun.client) }
}

interface Measured {
  alone: number[]
  requesting: number[]
  burst: number[]
  threads: CpuByThread
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
  const functionIds = await deployedBefore(dataDir, {
    echo: { code: ECHO_CODE, count: rounds * (perRound + burst) + 1 },
    request: { code: REQUEST_CODE, count: rounds * perRound },
  })
  const parley = opened.use(await startParley({ dataDir }))
  const session = await adminSession(parley)
  const caller = await callerOf(parley, session, functionIds['echo'])
  const requester = await callerOf(parley, session, functionIds['request'])
  await firstCall(caller)

  const oneByOne = async (whose: Caller): Promise<number[]> => {
    const latencies: number[] = []
    for (let index = 0; index < perRound; index++) {
      await sleep(REFILL_MS)
      latencies.push(await firstCall(whose))
    }
    return latencies
  }
  const measured: Measured[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const alone = await oneByOne(caller)
    const requesting = await oneByOne(requester)
    await sleep(REFILL_MS)
    const before = accountOf(parley.pid)
    const latencies = await Promise.all(Array.from({ length: burst }, () => firstCall(caller)))
    const threads = spentSince(before, accountOf(parley.pid), burst)
    measured.push({ alone, requesting, burst: latencies, threads })
  }

  const row = (key: Exclude<keyof Measured, 'threads'>, what: string) => ({
    what,
    'p50 ms': round(median(measured.map((turn) => percentile(turn[key], 0.5)))),
    'worst ms': round(Math.max(...measured.flatMap((turn) => turn[key]))),
  })
  return {
    rows: [
      row('alone', 'one at a time: from the pool'),
      row('requesting', 'likewise, and the function sends its first request'),
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
