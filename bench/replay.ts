import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { appToken, call, type Endpoint, login } from '@parley/client'
import {
  changeAccountSettings,
  getReplayJob,
  makeAccount,
  type ReplayJob,
  patchFunction,
  startReplayJob,
} from '@parley/contract'
import { startParley } from '../e2e/live/parley.ts'
import { spentBy } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

const LOOK_EVERY_MS = 50
/** Between two calls of the neighbour. */
const PAUSE_MS = 3
const ALONE_CALLS = 400
const OPERATOR_KEY = 'measure-me-4711-measure-me-4711-measure-me'
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
  /** Of calls of another account, before the job and beside it. */
  aloneMs: number[]
  besideMs: number[]
}

/** How fast runs are repeated, and what the calls of another account feel of it. */
export async function benchReplay({ short }: BenchOptions): Promise<BenchReport> {
  const plan = short ? { runs: 100, rounds: 1 } : { runs: 1_000, rounds: 3 }
  const { runs } = plan
  await using far = await openFar()
  const env = { PARLEY_EGRESS_PRIVATE: far.host, PARLEY_OPERATOR_KEY: OPERATOR_KEY }
  await using parley = await startParley({ env })
  const session = await adminSession(parley)
  await call(session, changeAccountSettings, {
    body: { recordings: { policy: 'all' }, limits: { outboundRequestsPerSecond: 10_000 } },
  })
  const functionId = await deploy(session, { name: 'bench_replay', code: code('payload.n + 1') })
  const token = await appToken(parley.endpoint, parley.firstRun.client)

  const left = Array.from({ length: runs }, (_, n) => n)
  const record = async () => {
    for (let n = left.shift(); n !== undefined; n = left.shift()) {
      const body = JSON.stringify({ headers: [], payload: { origin: far.origin, n } })
      await invokeOnce(invokeUrl(session, functionId), token, body)
    }
  }
  await Promise.all(Array.from({ length: RECORDED_AT_ONCE }, record))
  const callNeighbour = await openNeighbour(parley.endpoint)

  /** One after the other with pauses, as long as it goes on. */
  async function callsWhile(goesOn: () => boolean): Promise<number[]> {
    const times: number[] = []
    while (goesOn()) {
      times.push(await callNeighbour())
      await sleep(PAUSE_MS)
    }
    return times
  }

  async function sample(against: 'recorded' | 'draft'): Promise<Sample> {
    let calls = ALONE_CALLS
    const aloneMs = await callsWhile(() => (calls -= 1) >= 0)
    const spent = () => spentBy([parley.pid])
    const before = spent()
    const startedAt = performance.now()
    const body = { last: runs, against }
    let job = await call(session, startReplayJob, { params: { functionId }, body })
    const beside = callsWhile(() => job.state === 'running')
    while (job.state === 'running') {
      await sleep(LOOK_EVERY_MS)
      job = await call(session, getReplayJob, { params: { jobId: job.jobId } })
    }
    const seconds = (performance.now() - startedAt) / 1000
    const cpuMs = (spent() - before) / 1000 / runs
    return { job, perSecond: runs / seconds, cpuMs, aloneMs, besideMs: await beside }
  }

  const own: Sample[] = []
  for (let turn = 0; turn < plan.rounds; turn += 1) own.push(await sample('recorded'))
  await call(session, patchFunction, {
    params: { functionId },
    body: { code: code('payload.n + 2') },
  })
  const changed: Sample[] = []
  for (let turn = 0; turn < plan.rounds; turn += 1) changed.push(await sample('draft'))
  return reportOf(own, changed)
}

const p99 = (values: readonly number[]) => percentile(values, 0.99)
const ratioOf =
  (read: (values: readonly number[]) => number) =>
  ({ aloneMs, besideMs }: Sample) =>
    read(besideMs) / read(aloneMs)

function reportOf(own: Sample[], changed: Sample[]): BenchReport {
  const middle = (of: Sample[], read: (sample: Sample) => number) => median(of.map(read))
  const sumOf = (of: Sample[], what: 'same' | 'different' | 'notReplayed') =>
    of.reduce((sum, { job }) => sum + job[what], 0)
  const row = (what: string, of: Sample[]) => ({
    what,
    'replays per s': round(middle(of, ({ perSecond }) => perSecond)),
    'CPU ms': round(middle(of, ({ cpuMs }) => cpuMs)),
    same: sumOf(of, 'same'),
    different: sumOf(of, 'different'),
    'not replayed': sumOf(of, 'notReplayed'),
    'p50 ms': round(middle(of, ({ besideMs }) => median(besideMs))),
    'p50 ÷ alone': round(middle(of, ratioOf(median))),
    'p99 ms': round(middle(of, ({ besideMs }) => p99(besideMs))),
    'p99 ÷ alone': round(middle(of, ratioOf(p99))),
  })
  const bar = (measure: string, reached: number, limit: number, wants: 'more' | 'less') => {
    return { name: 'replay', measure, reached, bar: limit, wants }
  }
  const beside = (what: string) => `${what} of a neighbour's calls beside a job ÷ alone`
  return {
    rows: [row('their own version', own), row('one changed line', changed)],
    bars: [
      bar(
        'replays per second',
        middle(own, ({ perSecond }) => perSecond),
        20,
        'more',
      ),
      bar(beside('p50'), middle(own, ratioOf(median)), 2, 'less'),
      bar(beside('p99'), middle(own, ratioOf(p99)), 3, 'less'),
      bar('different, of those on their own version', sumOf(own, 'different'), 0, 'less'),
    ],
    details: { own, changed },
  }
}

/** A second account with a function of its own. Answers what calls it, and how many milliseconds that took. */
async function openNeighbour({ url }: Endpoint): Promise<() => Promise<number>> {
  const operator = { url, accountId: '', bearer: OPERATOR_KEY }
  const { accountId, admin } = await call(operator, makeAccount, {
    body: { accountId: '87654321', admin: { loginName: 'bench-neighbour' } },
  })
  const session = await login({ url, accountId }, admin)
  const id = await deploy(session, { name: 'bench_echo', code: ECHO_CODE })
  const callOnce = () => invokeOnce(invokeUrl(session, id), session.bearer, ECHO_BODY)
  for (let n = 0; n < ALONE_CALLS; n += 1) await callOnce()
  return callOnce
}

/** How many milliseconds it takes. */
async function invokeOnce(url: string, token: string, body: string): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(url, {
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
