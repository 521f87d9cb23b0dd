import { setTimeout as sleep } from 'node:timers/promises'
import { call, login, type Session } from '@parley/client'
import { changeAccountSettings } from '@parley/contract'
import { eventually } from '../e2e/live/eventually.ts'
import { type LiveParley, startParley } from '../e2e/live/parley.ts'
import { commandLine, isAlive, ownPssBytes, processTree } from '../e2e/live/process-tree.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { type Forked, forkProgram } from './forked.ts'
import { applyLoad, type LoadResult } from './load/plan.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

const LOOP_CODE = 'function lambda(input, callback) { while (true) {} }'
/** Computes, fills memory and logs, as much as it may. */
const NOISY_CODE = `function lambda(input, callback) {
  const until = Date.now() + 200
  const waste = []
  while (Date.now() < until) waste.push(JSON.stringify(input).repeat(4), Math.random())
  console.log(waste.length)
  callback(null, input.payload)
}`
const LIMIT_MS = 500
const POLL_MS = 1
const IDLE_FUNCTIONS = 16
/** After this an idle instance is frozen. */
const FREEZE_MS = 2_500

function instancesOf({ pid }: LiveParley): number[] {
  return processTree(pid).filter((candidate) => /^\S*\/deno run /.test(commandLine(candidate)))
}

async function invokeOnce(url: string, token: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: ECHO_BODY.replace('{{nonce}}', crypto.randomUUID()),
  })
  return await answer.text()
}

/** From the limit's passing until the process is gone, for a function that never gives its thread back. */
async function killMs(parley: LiveParley, url: string, token: string): Promise<number> {
  // The deployment has left an instance of the function behind, which takes the call.
  const instances = instancesOf(parley)
  const sentAt = performance.now()
  const answer = invokeOnce(url, token)
  await eventually('The end of the loop', () => !instances.every(isAlive) || undefined, {
    pauseMs: POLL_MS,
  })
  const diedAt = performance.now()
  await answer
  return diedAt - sentAt - LIMIT_MS
}

async function measureKills(short: boolean): Promise<number[]> {
  await using parley = await startParley()
  const session = await adminSession(parley)
  await call(session, changeAccountSettings, { body: { limits: { executionTimeMs: LIMIT_MS } } })
  const kills: number[] = []
  for (let turn = 0; turn < (short ? 1 : 10); turn++) {
    // A new function each time: one that dies again and again is made to wait.
    const functionId = await deploy(session, { name: `bench_loop_${turn}`, code: LOOP_CODE })
    kills.push(await killMs(parley, invokeUrl(session, functionId), session.bearer))
    await sleep(500)
  }
  return kills
}

/** Of each instance that has run a function and is idle. */
async function measureIdle(short: boolean): Promise<number[]> {
  await using parley = await startParley()
  const session = await adminSession(parley)
  for (let index = 0; index < (short ? 4 : IDLE_FUNCTIONS); index++) {
    const functionId = await deploy(session, { name: `bench_idle_${index}`, code: ECHO_CODE })
    await invokeOnce(invokeUrl(session, functionId), session.bearer)
  }
  await sleep(FREEZE_MS)
  return instancesOf(parley).map((pid) => ownPssBytes(pid) / 2 ** 20)
}

/** A sandbox whose pool is empty: every first call of a function boots an instance. */
async function measureUnpooled(short: boolean): Promise<number[]> {
  await using sandbox = await forkProgram('targets/bare-sandbox.ts')
  const times: number[] = []
  await sandbox.ask<number>(ECHO_CODE)
  for (let turn = 0; turn < (short ? 2 : 15); turn++) times.push(await sandbox.ask(ECHO_CODE))
  return times
}

interface Beside {
  alone: LoadResult
  beside: LoadResult
  noisy: LoadResult
}

/** A function, and who may call it. */
interface Called {
  url: string
  token: string
}

interface Neighbours {
  quiet: Called
  noisy: Called
}

async function besideNoise({ quiet, noisy }: Neighbours, seconds: number): Promise<Beside> {
  const load = ({ url, token }: Called, connections: number, length: number) =>
    applyLoad({
      url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: ECHO_BODY,
      connections,
      seconds: length,
    })
  const alone = await load(quiet, 1, seconds)
  const [noise, beside] = await Promise.all([
    load(noisy, 32, seconds + 1),
    sleep(500).then(() => load(quiet, 1, seconds)),
  ])
  return { alone, beside, noisy: noise }
}

/** The quiet account alone, and beside two functions that never give their threads back. */
async function besideLoops(
  quiet: Called,
  loops: readonly Called[],
  seconds: number,
): Promise<Pick<Beside, 'alone' | 'beside'>> {
  const load = () =>
    applyLoad({
      url: quiet.url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${quiet.token}` },
      body: ECHO_BODY,
      connections: 1,
      seconds,
    })
  const alone = await load()
  const running = loops.map(({ url, token }) => invokeOnce(url, token))
  await sleep(500)
  const beside = await load()
  // They end at their limit.
  await Promise.all(running)
  return { alone, beside }
}

async function neighbourOf(
  session: Session,
  { name, code }: { name: string; code: string },
): Promise<Called> {
  const url = invokeUrl(session, await deploy(session, { name, code }))
  await invokeOnce(url, session.bearer)
  return { url, token: session.bearer }
}

async function measureNeighbours(
  short: boolean,
): Promise<{ noise: Beside[]; loops: Pick<Beside, 'alone' | 'beside'>[] }> {
  await using server: Forked = await forkProgram('targets/two-accounts.ts')
  const { url, accounts } = await server.ask<{
    url: string
    accounts: { accountId: string; admin: { user: string; password: string } }[]
  }>('where')
  const [first, second] = await Promise.all(
    accounts.map(({ accountId, admin }) => login({ url, accountId }, admin)),
  )
  if (!first || !second) throw new Error('There must be two accounts')
  const neighbours = {
    quiet: await neighbourOf(first, { name: 'bench_quiet', code: ECHO_CODE }),
    noisy: await neighbourOf(second, { name: 'bench_noisy', code: NOISY_CODE }),
  }
  const seconds = short ? 1 : 6
  const noise: Beside[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    noise.push(await besideNoise(neighbours, seconds))
  }
  const executionTimeMs = (seconds + 1.5) * 1000
  await call(second, changeAccountSettings, { body: { limits: { executionTimeMs } } })
  const loops: Pick<Beside, 'alone' | 'beside'>[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    // New ones each time: those that die again and again are made to wait.
    const pair = ['a', 'b'].map((one) => ({ name: `bench_loop_${one}${turn}`, code: LOOP_CODE }))
    const urls = await Promise.all(
      pair.map(async (draft) => invokeUrl(second, await deploy(second, draft))),
    )
    const calls = urls.map((address) => ({ url: address, token: second.bearer }))
    loops.push(await besideLoops(neighbours.quiet, calls, seconds))
  }
  return { noise, loops }
}

export async function benchIsolation({ short }: BenchOptions): Promise<BenchReport> {
  const unpooled = await measureUnpooled(short)
  const kills = await measureKills(short)
  const idle = await measureIdle(short)
  const { noise: measured, loops } = await measureNeighbours(short)
  const times = (what: string, values: readonly number[]) => ({
    what,
    p50: round(median(values)),
    p99: round(percentile(values, 0.99)),
  })
  const load = (what: string, of: (turn: Beside) => LoadResult) => ({
    what,
    p50: round(median(measured.map((turn) => of(turn).p50Ms))),
    p99: round(median(measured.map((turn) => of(turn).p99Ms))),
    'per s': round(median(measured.map((turn) => of(turn).perSecond))),
  })
  return {
    rows: [
      times('ms, first call without the pool', unpooled),
      times(`ms, while (true): from the limit of ${LIMIT_MS} ms to the end of its process`, kills),
      times('MiB (PSS) per idle instance', idle),
      load('ms, a quiet account alone', ({ alone }) => alone),
      load('ms, the same beside a noisy one', ({ beside }) => beside),
      load('ms, the noisy one', ({ noisy }) => noisy),
      {
        what: 'ms, the quiet account beside two looping functions',
        p50: round(median(loops.map(({ beside }) => beside.p50Ms))),
        p99: round(median(loops.map(({ beside }) => beside.p99Ms))),
        'per s': round(median(loops.map(({ beside }) => beside.perSecond))),
      },
    ],
    bars: [
      {
        name: 'cold',
        measure: 'p50 ms, first call without the pool',
        reached: median(unpooled),
        bar: 200,
        wants: 'less',
      },
      {
        name: 'kill',
        measure: 'p50 ms from passing the limit in while (true) to the end of its process',
        reached: median(kills),
        bar: 100,
        wants: 'less',
      },
      {
        name: 'noise',
        measure: 'p99 of a quiet account beside a noisy one ÷ alone',
        reached: median(measured.map(({ alone, beside }) => beside.p99Ms / alone.p99Ms)),
        bar: 3,
        wants: 'less',
      },
      {
        name: 'loops',
        measure: 'p99 of a quiet account beside two looping functions ÷ alone',
        reached: median(loops.map(({ alone, beside }) => beside.p99Ms / alone.p99Ms)),
        bar: 2,
        wants: 'less',
      },
    ],
    details: { unpooled, kills, idle, measured, loops },
  }
}
