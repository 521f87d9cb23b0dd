import { setTimeout as sleep } from 'node:timers/promises'
import { call, login, signUp } from '@parley/client'
import { createUser } from '@parley/contract'
import { deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { forkProgram } from './forked.ts'
import { type Summary, summarize } from './load/summary.ts'
import { type BenchOptions, type BenchReport, round } from './report.ts'

interface Where {
  url: string
  accounts: { accountId: string; admin: { user: string; password: string } }[]
}

/** What others do meanwhile, by name, and how long to rest in between. */
interface Work {
  restMs: number
  once(): Promise<unknown>
}

const PHASES = ['before', 'during', 'after'] as const
const AGENT = { user: 'bench-agent', password: 'Measure-Me-4711' }

/** Others' log-ins, sign-ups and calls beside a flood of log-ins with invented names at the same account. */
export async function benchLogins({ short }: BenchOptions): Promise<BenchReport> {
  await using server = await forkProgram('targets/two-accounts.ts', {
    // The others have one address; the limits of names, accounts and hashing are as they are shipped.
    env: {},
  })
  await using attackers = await forkProgram('targets/login-flood.ts')
  const { url, accounts } = await server.ask<Where>('where')
  const [attacked] = accounts
  if (!attacked) throw new Error('There must be an account')
  const { accountId, admin } = attacked
  const endpoint = { url, accountId }
  const session = await login(endpoint, admin)
  const { user: loginName, password } = AGENT
  await call(session, createUser, { body: { loginName, password, profiles: [] } })
  const device = await deviceOf(url, accountId)
  const invoke = invokeUrl(session, await deploy(session, { name: 'bench_echo', code: ECHO_CODE }))

  const works: Record<string, Work> = {
    'log-in on a known device': {
      restMs: 200,
      once: () => logIn(url, accountId, device),
    },
    'sign-up': { restMs: 50, once: () => signUp(endpoint) },
    call: { restMs: 20, once: () => answered(invoke, session.bearer) },
  }
  const measured: Record<string, Record<string, Summary>> = {}
  let statuses: Record<string, number> = {}
  for (const phase of PHASES) {
    if (phase === 'during') await attackers.ask({ start: endpoint })
    measured[phase] = await together(works, short ? 1500 : 20_000)
    if (phase === 'during') statuses = await attackers.ask<Record<string, number>>('stop')
  }
  const p99 = (phase: string, what: string) => measured[phase]?.[what]?.p99Ms ?? Number.NaN
  return {
    rows: [
      ...Object.keys(works).map((what) => ({
        what,
        ...Object.fromEntries(
          PHASES.flatMap((phase) => [
            [`p50 ms ${phase}`, round(measured[phase]?.[what]?.p50Ms ?? Number.NaN)],
            [`p99 ms ${phase}`, round(p99(phase, what))],
          ]),
        ),
      })),
      ...Object.entries(statuses).map(([status, count]) => ({
        what: `log-ins of the flood that were answered ${status}`,
        'p50 ms before': count,
      })),
    ],
    bars: [
      {
        name: 'flood',
        measure: 'p99 ms of a log-in on a known device during a flood of log-ins',
        reached: p99('during', 'log-in on a known device'),
        bar: 2000,
        wants: 'less',
      },
    ],
    details: { measured, statuses },
  }
}

async function together(works: Record<string, Work>, ms: number): Promise<Record<string, Summary>> {
  const end = performance.now() + ms
  const entries = Object.entries(works).map(async ([what, { once, restMs }]) => {
    const latencies: number[] = []
    while (performance.now() < end) {
      const startedAt = performance.now()
      await once()
      latencies.push(performance.now() - startedAt)
      await sleep(restMs)
    }
    return [what, summarize(latencies)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** The cookie of a browser in which the agent has logged in before. */
async function deviceOf(url: string, accountId: string): Promise<string> {
  const answer = await logIn(url, accountId)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

async function logIn(url: string, accountId: string, cookie = ''): Promise<Response> {
  const answer = await fetch(`${url}/api/v1/accounts/${accountId}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ loginName: AGENT.user, password: AGENT.password }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`A log-in was answered ${answer.status}: ${text}`)
  return answer
}

async function answered(url: string, token: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: ECHO_BODY,
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`A call was answered ${answer.status}: ${text}`)
}
