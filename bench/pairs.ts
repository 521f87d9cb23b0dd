import { join } from 'node:path'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { cpuSeconds, ownCpuSeconds } from '../e2e/live/process-tree.ts'
import { adminSession, answerEvents } from './deployed-function.ts'
import { forkProgram } from './forked.ts'
import type { VisitOrder, VisitResult } from './load/visit-orders.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

const AT_ONCE = 64
const CONVERSATIONS_PER_SECOND = 100

interface Round {
  inserts: number
  store: number
  product: VisitResult
  opened: VisitResult
  /** CPU of one pair through sockets and functions: of the server's own process, and of its instances besides. */
  serverCpuMs: number
  instancesCpuMs: number
}

/** Everything below uses one PostgreSQL: plain inserts, the store alone, and the whole product. */
export async function benchPairs({ short }: BenchOptions): Promise<BenchReport> {
  const seconds = short ? 1 : 8
  const perSecond = short ? 20 : CONVERSATIONS_PER_SECOND
  const dataDir = newDataDir()
  using _removed = { [Symbol.dispose]: () => removeFolder(dataDir) }
  await using postgres = await forkProgram('targets/postgres.ts', {
    env: { DATA: join(dataDir, 'postgres') },
  })
  const url = await postgres.ask<string>('where')
  await using parley = await startParley({ env: { DATABASE_URL: url } })
  await using plain = await forkProgram('targets/plain-inserts.ts')
  await using store = await forkProgram('targets/store-pairs.ts', { env: { DATABASE_URL: url } })
  await using crowd = await forkProgram('load/visits.ts')
  await using arrivals = await forkProgram('load/visits.ts')

  const session = await adminSession(parley)
  await answerEvents(session)
  const { endpoint } = parley
  await crowd.ask({ do: 'arrive', endpoint, consumers: AT_ONCE } satisfies VisitOrder)
  await arrivals.ask({ do: 'arrive', endpoint, consumers: perSecond * 5 } satisfies VisitOrder)

  const playRound = async (length: number): Promise<Round> => {
    const inserts = await plain.ask<number>({ url, atOnce: AT_ONCE, seconds: length })
    const alone = await store.ask<number>({ atOnce: AT_ONCE, seconds: length })
    const [own, all] = [ownCpuSeconds(parley.pid), cpuSeconds(parley.pid)]
    const product = await crowd.ask<VisitResult>({ do: 'change', seconds: length })
    const server = ownCpuSeconds(parley.pid) - own
    const instances = cpuSeconds(parley.pid) - all - server
    const pairs = product.perSecond * length
    return {
      inserts,
      store: alone,
      product,
      opened: await arrivals.ask({ do: 'open', perSecond, seconds: length } satisfies VisitOrder),
      serverCpuMs: (server * 1000) / pairs,
      instancesCpuMs: (instances * 1000) / pairs,
    }
  }
  await playRound(seconds / 4)
  const rounds: Round[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) rounds.push(await playRound(seconds))

  const of = (value: (measured: Round) => number) => round(median(rounds.map(value)))
  return {
    rows: [
      { what: 'plain durable inserts', 'per s': of(({ inserts }) => inserts) },
      {
        what: 'event + command pairs, of the store alone',
        'per s': of((measured) => measured.store),
      },
      {
        what: 'event + command pairs: change on a socket → function → message on the socket',
        'per s': of(({ product }) => product.perSecond),
        'p50 ms': of(({ product }) => product.p50Ms),
        'p99 ms': of(({ product }) => product.p99Ms),
        'CPU ms': of(({ serverCpuMs }) => serverCpuMs),
        'of instances': of(({ instancesCpuMs }) => instancesCpuMs),
      },
      {
        what: `${perSecond} conversations opened per second → function → message`,
        'per s': of(({ opened }) => opened.perSecond),
        'p50 ms': of(({ opened }) => opened.p50Ms),
        'p99 ms': of(({ opened }) => opened.p99Ms),
      },
    ],
    bars: [
      {
        name: 'P7',
        measure: `pairs of the store ÷ plain inserts, ${AT_ONCE} at once`,
        reached: median(rounds.map(({ store: pairs, inserts }) => pairs / inserts)),
        bar: 0.5,
        wants: 'more',
      },
      {
        name: 'P7',
        measure: `pairs through sockets and functions ÷ plain inserts, ${AT_ONCE} at once`,
        reached: median(rounds.map(({ product, inserts }) => product.perSecond / inserts)),
        bar: 0.5,
        wants: 'more',
      },
      {
        name: 'P6',
        measure: `p50 ms, request for a conversation → function → message, ${perSecond}/s`,
        reached: median(rounds.map(({ opened }) => opened.p50Ms)),
        bar: 8,
        wants: 'less',
      },
      {
        name: 'P6',
        measure: 'p99 ms, likewise',
        reached: median(rounds.map(({ opened }) => opened.p99Ms)),
        bar: 40,
        wants: 'less',
      },
    ],
    details: rounds,
  }
}
