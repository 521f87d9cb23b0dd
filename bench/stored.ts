import { join } from 'node:path'
import { openConsumer, signUp } from '@parley/client'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { accountOf, accountRows, type CpuByThread, spentBy, spentSince } from './cpu-account.ts'
import { adminSession, liftLimits } from './deployed-function.ts'
import { forkProgram } from './forked.ts'
import { connectWs } from './load/connect-ws.ts'
import type { AskResult, CrowdOrder } from './load/crowd-orders.ts'
import {
  type BenchOptions,
  type BenchReport,
  gainBar,
  median,
  medianRatio,
  rotated,
  round,
} from './report.ts'

const CONVERSATIONS = 100
/** Of the plain inserts, as many as the bench of pairs has. */
const AT_ONCE = 64
const WORDS = 'a message of a conversation, as long as this one is; '.repeat(4)
/** Of the CPU that a message of e7f407b took, and so of its ratio to a plain insert: 2.03 where the bar was set. */
const MAX_OF_FIRST = 1 / 1.4
const MAX_RATIO = 1.45
const START = 'apps/server/src/start.mjs'

interface Measured {
  cpuMicros: number
  perSecond: number
  threads: CpuByThread
}

interface Target {
  name: string
  measure(seconds: number): Promise<Measured>
}

/**
 * What a stored message costs: sockets on which consumers publish, each in its own conversation, beside connections that insert a row each
 * time. CPU of a message is of server and database, that of an insert of its client and the database.
 */
export async function benchStored({ short, account, beside }: BenchOptions): Promise<BenchReport> {
  await using opened = new AsyncDisposableStack()
  const inserts = await startInserts(opened)
  const parley = await startMessages(opened)
  const targets = [inserts, parley]
  if (beside) targets.push(await startMessages(opened, beside))
  const { rounds, seconds } = short ? { rounds: 1, seconds: 1 } : { rounds: 9, seconds: 4 }
  for (const target of targets) await target.measure(seconds)

  const measured = new Map<Target, Measured[]>(targets.map((target) => [target, []]))
  for (let turn = 0; turn < rounds; turn++) {
    for (const target of rotated(targets, turn)) {
      measured.get(target)?.push(await target.measure(seconds))
    }
  }
  const cpuOf = (target: Target) => (measured.get(target) ?? []).map(({ cpuMicros }) => cpuMicros)
  const named = [...measured].map(([{ name }, of]) => [name, of] as const)
  return {
    rows: named.map(([target, of]) => ({
      target,
      'CPU µs, least': round(Math.min(...of.map(({ cpuMicros }) => cpuMicros))),
      'CPU µs, median': round(median(of.map(({ cpuMicros }) => cpuMicros))),
      'per s, median': round(median(of.map(({ perSecond }) => perSecond))),
    })),
    ...(account && {
      account: accountRows(
        Object.fromEntries(named.map(([name, of]) => [name, of.map(({ threads }) => threads)])),
      ),
    }),
    bars: [
      {
        name: 'CPU',
        measure: 'CPU of a stored message ÷ that of a plain insert',
        reached: medianRatio(cpuOf(parley), cpuOf(inserts)),
        bar: MAX_RATIO,
        wants: 'less',
      },
      ...targets.slice(2).map((other) =>
        gainBar({
          measure: 'CPU of a stored message',
          reached: medianRatio(cpuOf(parley), cpuOf(other)),
          bar: MAX_OF_FIRST,
          wants: 'less',
        }),
      ),
    ],
    details: Object.fromEntries(named),
  }
}

async function startInserts(opened: AsyncDisposableStack): Promise<Target> {
  const dataDir = newDataDir()
  opened.defer(() => removeFolder(dataDir))
  const postgres = opened.use(
    await forkProgram('targets/postgres.ts', { env: { DATA: join(dataDir, 'postgres') } }),
  )
  const url = await postgres.ask<string>('where')
  const client = opened.use(await forkProgram('targets/plain-inserts.ts'))
  return {
    name: 'plain insert',
    async measure(seconds) {
      const roots = [postgres.pid, client.pid]
      const before = spentBy(roots)
      const perSecond = await client.ask<number>({ url, atOnce: AT_ONCE, seconds })
      const cpuMicros = (spentBy(roots) - before) / (perSecond * seconds)
      return { cpuMicros, perSecond, threads: {} }
    },
  }
}

/** The product of this checkout or another one, with its consumers. */
async function startMessages(opened: AsyncDisposableStack, checkout?: string): Promise<Target> {
  const parley = opened.use(
    await startParley({
      cwd: checkout ?? join(import.meta.dirname, '..'),
      command: [process.execPath, START],
    }),
  )
  await liftLimits(await adminSession(parley))
  const { endpoint } = parley
  const socketUrl = `${endpoint.url.replace('http', 'ws')}/ws_api/account/${endpoint.accountId}/messaging/consumer?v=3`
  const members: { url: string; headers: Record<string, string> }[] = []
  const frames: string[] = []
  for (let index = 0; index < CONVERSATIONS; index++) {
    const jwt = await signUp(endpoint)
    using consumer = await openConsumer(endpoint, { jwt, connect: connectWs })
    const dialogId = await consumer.openConversation()
    members.push({ url: socketUrl, headers: { authorization: `jwt ${jwt}` } })
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: WORDS }
    const body = { dialogId, event }
    frames.push(JSON.stringify({ kind: 'req', id: '{{id}}', type: 'ms.PublishEvent', body }))
  }
  const crowd = opened.use(await forkProgram('load/crowd.ts'))
  await crowd.ask({ do: 'open', members } satisfies CrowdOrder)
  return {
    name: checkout ? 'beside' : 'parley',
    async measure(seconds) {
      const before = accountOf(parley.pid)
      const { perSecond, count } = await crowd.ask<AskResult>({
        do: 'ask',
        frames,
        seconds,
      } satisfies CrowdOrder)
      const threads = spentSince(before, accountOf(parley.pid), count)
      const cpuMicros = Object.values(threads).reduce((sum, micros) => sum + micros, 0)
      return { cpuMicros, perSecond, threads }
    },
  }
}
