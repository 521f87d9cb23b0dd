import { setTimeout as sleep } from 'node:timers/promises'
import { appToken, call, type Session } from '@parley/client'
import { listFunctions } from '@parley/contract'
import { type LiveParley, newDataDir, startParley } from '../e2e/live/parley.ts'
import { ownPssBytes, pssBytes } from '../e2e/live/process-tree.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { collectGarbage, INSPECTABLE } from './inspector.ts'
import { startRaw } from './invoke-targets.ts'
import { measureBesidePeers } from './invoke.ts'
import { applyLoad, type LoadResult } from './load/plan.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

async function headersOf(parley: LiveParley): Promise<Record<string, string>> {
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` }
}

/** Calls one function, so that the server knows which are deployed; then what it holds when idle. */
async function idleBytes(parley: LiveParley, url: string, { settleMs }: Plan) {
  const body = ECHO_BODY.replace('{{nonce}}', 'idle')
  const headers = await headersOf(parley)
  const answer = await fetch(url, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`Answered ${answer.status}: ${await answer.text()}`)
  await answer.body?.cancel()
  await sleep(settleMs)
  await collectGarbage(parley.output())
  return { server: ownPssBytes(parley.pid), all: pssBytes(parley.pid) }
}

interface Plan {
  deployed: number
  invoked: number
  rounds: number
  seconds: number
  /** Until the pool is full and PostgreSQL has nothing left to do. */
  settleMs: number
}

async function deployMany(session: Session, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `bench_${index}`).values()
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const name of names) await deploy(session, { name, code: ECHO_CODE })
    }),
  )
}

/** Measures after a start of its own, since a deployment leaves an instance running for some minutes. */
async function measureAfterStart<Result>(
  dataDir: string,
  measure: (parley: LiveParley, session: Session, urls: string[]) => Promise<Result>,
): Promise<Result> {
  await using parley = await startParley({
    dataDir,
    env: { NODE_OPTIONS: INSPECTABLE.join(' ') },
  })
  const session = await adminSession(parley)
  const { functions } = await call(session, listFunctions)
  const live = functions.filter(({ name }) => name.startsWith('bench_'))
  return await measure(
    parley,
    session,
    live.map(({ functionId }) => invokeUrl(session, functionId)),
  )
}

/** All of them in turn; the first time round starts an instance of each. */
async function inTurn(
  parley: LiveParley,
  urls: string[],
  { rounds, seconds }: Plan,
): Promise<{ raw: LoadResult; one: LoadResult; many: LoadResult }[]> {
  await using raw = await startRaw()
  const headers = await headersOf(parley)
  const load = (url: string | string[], length: number) =>
    applyLoad({ url, headers, body: ECHO_BODY, connections: 32, seconds: length })
  await load(urls, seconds * 2)
  await load(raw.url, seconds)
  const measured: { raw: LoadResult; one: LoadResult; many: LoadResult }[] = []
  for (let turn = 0; turn < rounds; turn++) {
    measured.push({
      raw: await load(raw.url, seconds),
      one: await load(urls.slice(0, 1), seconds),
      many: await load(urls, seconds),
    })
  }
  return measured
}

export async function benchFunctions(options: BenchOptions): Promise<BenchReport> {
  const plan = options.short
    ? { deployed: 20, invoked: 6, rounds: 1, seconds: 0.5, settleMs: 500 }
    : { deployed: 1_000, invoked: 200, rounds: 5, seconds: 8, settleMs: 4_000 }
  const dataDir = newDataDir()
  using _removed = { [Symbol.dispose]: () => removeFolder(dataDir) }
  const measureIdle = () =>
    measureAfterStart(dataDir, (parley, _session, [url = '']) => idleBytes(parley, url, plan))

  await measureAfterStart(dataDir, (_parley, session) =>
    deploy(session, { name: 'bench_first', code: ECHO_CODE }),
  )
  const few = await measureIdle()
  await measureAfterStart(dataDir, (_parley, session) => deployMany(session, plan.deployed - 1))
  const many = await measureIdle()
  const measured = await measureAfterStart(dataDir, (parley, _session, urls) =>
    inTurn(parley, urls.slice(0, plan.invoked), plan),
  )
  const peers = await measureAfterStart(dataDir, async (parley, _session, [url = '']) =>
    measureBesidePeers(
      { name: 'parley', pid: parley.pid, url, headers: await headersOf(parley) },
      options,
    ),
  )

  const mib = (bytes: number) => round(bytes / 2 ** 20)
  const load = (what: string, of: (turn: (typeof measured)[number]) => LoadResult) => ({
    what,
    'req/s': round(median(measured.map((turn) => of(turn).perSecond))),
    'p50 ms': round(median(measured.map((turn) => of(turn).p50Ms))),
    'p99 ms': round(median(measured.map((turn) => of(turn).p99Ms))),
  })
  return {
    rows: [
      { what: 'MiB of the server, 1 function deployed', MiB: mib(few.server) },
      { what: `MiB of the server, ${plan.deployed} deployed`, MiB: mib(many.server) },
      { what: 'MiB of all processes, 1 deployed', MiB: mib(few.all) },
      { what: `MiB of all processes, ${plan.deployed} deployed`, MiB: mib(many.all) },
      load('one function, 32 connections', ({ one }) => one),
      load(`${plan.invoked} functions in turn, 32 connections`, (turn) => turn.many),
      ...peers.rows.map(({ connections, target, ...figures }) => ({
        what: `${target}, ${connections} connections, ${plan.deployed} deployed`,
        ...figures,
      })),
    ],
    bars: [
      {
        name: 'P12',
        measure: `extra MiB of the server, ${plan.deployed} deployed idle functions`,
        reached: (many.server - few.server) / 2 ** 20,
        bar: 50,
        wants: 'less',
      },
      {
        name: 'in turn',
        measure: `requests per second of ${plan.invoked} functions in turn ÷ raw of the same round, 32 connections`,
        reached: median(
          measured.map(({ raw, many: inTurns }) => inTurns.perSecond / raw.perSecond),
        ),
        bar: 0.22,
        wants: 'more',
      },
      ...peers.bars.map((bar) => ({
        ...bar,
        measure: `${bar.measure}, ${plan.deployed} deployed`,
      })),
    ],
    details: { few, many, measured, peers: peers.details },
  }
}
