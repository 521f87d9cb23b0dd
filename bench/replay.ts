import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { appToken, call, type Session } from '@parley/client'
import {
  changeAccountSettings,
  getReplayJob,
  type ReplayJob,
  patchFunction,
  startReplayJob,
} from '@parley/contract'
import { startParley } from '../e2e/live/parley.ts'
import { spentBy } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

const LOOK_EVERY_MS = 50
const RECORDED_AT_ONCE = 8

/** Time, timers, chance, and calls of which some fail; every fifth run fails. */
const code = (sum: string) => `
const crypto = require('crypto')
async function lambda({ payload }) {
  const ask = async (path) => (await (await fetch(payload.origin + path)).json()).asked
  setTimeout(() => console.warn('timer', new Date().toISOString(), Math.random()), 3)
  const all = await Promise.allSettled([ask('/a'), ask('/b'), ask('/gone'), ask('/c')])
  await new Promise((done) => setTimeout(done, 4))
  if (payload.n % 5 === 4) throw new Error('failed at ' + Date.now())
  return [${sum}, all.map(({ value, reason }) => value ?? String(reason)), Math.random(), crypto.randomUUID(), Date.now()]
}`

interface Sample {
  job: ReplayJob
  perSecond: number
  /** Of server, instances and database, for each replay. */
  cpuMs: number
  /** Of live calls of another function meanwhile, one after the other. */
  liveMs: number[]
}

/** How fast runs are repeated, and what live calls feel of it. */
export async function benchReplay({ short }: BenchOptions): Promise<BenchReport> {
  const runs = short ? 40 : 1_000
  await using far = await openFar()
  await using parley = await startParley({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
  const session = await adminSession(parley)
  await call(session, changeAccountSettings, {
    body: { recordings: { policy: 'all' }, limits: { outboundRequestsPerSecond: 10_000 } },
  })
  const functionId = await deploy(session, { name: 'bench_replay', code: code('payload.n + 1') })
  const echoId = await deploy(session, { name: 'bench_echo', code: ECHO_CODE })
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  const invoke = (id: string, body: string) => invokeOnce(session, token, id, body)

  const left = Array.from({ length: runs }, (_, n) => n)
  const record = async () => {
    for (let n = left.shift(); n !== undefined; n = left.shift()) {
      await invoke(functionId, JSON.stringify({ headers: [], payload: { origin: far.origin, n } }))
    }
  }
  await Promise.all(Array.from({ length: RECORDED_AT_ONCE }, record))

  const live = () => invoke(echoId, ECHO_BODY)
  for (let n = 0; n < 20; n += 1) await live()
  const alone: number[] = []
  for (let n = 0; n < (short ? 100 : 1_000); n += 1) alone.push(await live())

  async function sample(against: 'recorded' | 'draft'): Promise<Sample> {
    const spent = () => spentBy([parley.pid])
    const before = spent()
    const startedAt = performance.now()
    const body = { last: runs, against }
    let job = await call(session, startReplayJob, { params: { functionId }, body })
    const liveMs: number[] = []
    let looked = performance.now()
    while (job.state === 'running') {
      liveMs.push(await live())
      await sleep(2)
      if (performance.now() - looked < LOOK_EVERY_MS) continue
      looked = performance.now()
      job = await call(session, getReplayJob, { params: { jobId: job.jobId } })
    }
    const seconds = (performance.now() - startedAt) / 1000
    const cpuMs = (spent() - before) / 1000 / runs
    return { job, perSecond: runs / seconds, cpuMs, liveMs }
  }

  const own = await sample('recorded')
  await call(session, patchFunction, {
    params: { functionId },
    body: { code: code('payload.n + 2') },
  })
  const changed = await sample('draft')
  const p = (values: number[], share: number) => round(percentile(values, share))
  const row = (what: string, { job, perSecond, cpuMs, liveMs }: Sample) => ({
    what,
    'replays per s': round(perSecond),
    'CPU ms': round(cpuMs),
    same: job.same,
    different: job.different,
    'not replayed': job.notReplayed,
    'live p50 ms': p(liveMs, 0.5),
    'live p99 ms': p(liveMs, 0.99),
    'live p50 ÷ alone': round(median(liveMs) / median(alone)),
  })
  return {
    rows: [row('their own version', own), row('one changed line', changed)],
    bars: [
      {
        name: 'replay',
        measure: 'replays per second',
        reached: own.perSecond,
        bar: 20,
        wants: 'more',
      },
      {
        name: 'replay',
        measure: 'p50 of live calls beside a job ÷ alone',
        reached: median(own.liveMs) / median(alone),
        bar: 2,
        wants: 'less',
      },
      {
        name: 'replay',
        measure: 'different, of those on their own version',
        reached: own.job.different,
        bar: 0,
        wants: 'less',
      },
    ],
    details: { alone, own, changed },
  }
}

/** How many milliseconds it takes. */
async function invokeOnce(
  session: Session,
  token: string,
  id: string,
  body: string,
): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(invokeUrl(session, id), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  })
  await answer.text()
  return performance.now() - startedAt
}

/** Answers each call differently, after some time, and breaks connections to `/gone`. */
async function openFar() {
  let asked = 0
  const far = createServer((request, response) => {
    asked += 1
    if (request.url === '/gone') return void request.socket.destroy()
    setTimeout(() => response.end(JSON.stringify({ asked })), asked % 7)
  })
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(far.address() as AddressInfo).port}`
  return {
    host,
    origin: `http://${host}`,
    [Symbol.asyncDispose]: async () => {
      far.closeAllConnections()
      await new Promise((resolve) => far.close(resolve))
    },
  }
}
