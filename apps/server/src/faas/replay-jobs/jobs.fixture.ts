import type { ReplayedRun, ReplayJob } from '@parley/contract'
import { expect } from 'vitest'
import { type Lambdas, lambdasOf, startHttpSite, type TestServer } from '#testing'

/** Of a test on a slow, busy machine. */
export const PATIENCE = { timeout: 300_000, interval: 100 }

/** A server in the outside world that answers each call differently, after some time, and breaks connections to `/gone`. */
export async function openFar() {
  let asked = 0
  const far = await startHttpSite((request, response) => {
    asked += 1
    if (request.url === '/gone') return void request.socket.destroy()
    setTimeout(() => response.end(JSON.stringify({ asked })), asked % 7)
  })
  return { ...far, asked: () => asked }
}

/** Uses the time, timers, chance, parallel and failing calls; every fifth run fails. */
export function restless(sum: string): string {
  return `
const crypto = require('crypto')
async function lambda({ payload }) {
  const ask = async (path) => {
    const { asked } = await (await fetch(payload.origin + path)).json()
    console.info('answered', path, asked, Date.now())
    return asked
  }
  setTimeout(() => console.warn('timer', new Date(Date.now()).toISOString(), Math.random()), 3)
  const all = await Promise.allSettled([ask('/a'), ask('/b'), ask('/gone'), ask('/c')])
  await new Promise((done) => setTimeout(done, 4))
  if (payload.n % 5 === 4) throw new Error('failed at ' + Date.now())
  return [${sum}, all.map(({ value, reason }) => value ?? String(reason)), Math.random(), crypto.randomUUID(),
    crypto.randomBytes(4).toString('hex'), Date.now()]
}`
}

/** An account that records every run. */
export async function recordingAccount(server: TestServer): Promise<Lambdas> {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { recordings: { policy: 'all' } })
  return account
}

/** Whether the request was taken: anything else fails the test with what was answered. */
export async function native<Answer>(
  account: Lambdas,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const reply = await account.native(method, path, body)
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
  return reply.json<Answer>()
}

export function startJob(account: Lambdas, functionId: string, body: object): Promise<ReplayJob> {
  return native(account, 'POST', `/functions/${functionId}/replays`, body)
}

export function jobOf(account: Lambdas, jobId: string): Promise<ReplayJob> {
  return native(account, 'GET', `/replays/${jobId}`)
}

/** The job when it runs no longer. It may take any time, as long as it goes on: a job gives way to all else that the machine does. */
export async function ended(account: Lambdas, jobId: string): Promise<ReplayJob> {
  let job = await jobOf(account, jobId)
  while (job.state === 'running') {
    const { done } = job
    const goesOn = async () => {
      job = await jobOf(account, jobId)
      return job.state !== 'running' || job.done > done
    }
    await expect.poll(goesOn, PATIENCE).toBe(true)
  }
  return job
}

/** Started, and when it has ended. */
export async function replayed(
  account: Lambdas,
  functionId: string,
  body: object,
): Promise<ReplayJob> {
  return ended(account, (await startJob(account, functionId, body)).jobId)
}

/** All pages. */
export async function runsOf(account: Lambdas, jobId: string, query = ''): Promise<ReplayedRun[]> {
  const runs: ReplayedRun[] = []
  let next: string | undefined = '0'
  while (next !== undefined) {
    const path: string = `/replays/${jobId}/runs?limit=200&after=${next}${query}`
    const page: { runs: ReplayedRun[]; next?: string } = await native(account, 'GET', path)
    runs.push(...page.runs)
    next = page.next
  }
  return runs
}

/** Of the runs of a function, in their order. */
export async function recordIdsOf(account: Lambdas, functionId: string): Promise<string[]> {
  const path = `/invocations?functionId=${functionId}&limit=500`
  const { invocations } = await native<{ invocations: { recordId: string }[] }>(
    account,
    'GET',
    path,
  )
  return invocations.map(({ recordId }) => recordId)
}
