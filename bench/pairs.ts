import { join } from 'node:path'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { accountOf, accountRows, type CpuByThread, spentSince } from './cpu-account.ts'
import { type DiskResult, diskRow, watchDisk } from './disk.ts'
import { adminSession, answerEvents } from './deployed-function.ts'
import { type Forked, forkProgram } from './forked.ts'
import type { VisitOrder, VisitResult } from './load/visit-orders.ts'
import {
  type BenchOptions,
  type BenchReport,
  gainBar,
  median,
  medianRatio,
  rotated,
  round,
} from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

const AT_ONCE = 64
const CONVERSATIONS_PER_SECOND = 100
/** Pairs through the product ÷ plain inserts. */
const MIN_OF_INSERTS = 0.16
/** What e7f407b reached where the bar was set. */
const FIRST_OF_INSERTS = 0.134
const START = 'apps/server/src/start.mjs'

/** What one round of a product has shown. */
interface Played {
  changes: VisitResult
  opened: VisitResult
  /** While conversations were opened. */
  disk: DiskResult
  /** Microseconds of a pair by process and thread. */
  threads: CpuByThread
}

interface Round {
  inserts: number
  store: number
  products: Record<string, Played>
}

interface Product {
  name: string
  play(seconds: number): Promise<Played>
}

/** Everything below uses one PostgreSQL: plain inserts, the store alone, and the whole product. Another checkout has one of its own. */
export async function benchPairs({ short, account, beside }: BenchOptions): Promise<BenchReport> {
  const seconds = short ? 1 : 8
  const perSecond = short ? 20 : CONVERSATIONS_PER_SECOND
  await using opened = new AsyncDisposableStack()
  const postgres = await startPostgres(opened)
  const url = await postgres.ask<string>('where')
  const disk = opened.use(await watchDisk())
  const parley = await startProduct(opened, { name: 'parley', postgres, perSecond, disk })
  const products = [parley]
  if (beside) {
    const its = { name: 'beside', postgres: await startPostgres(opened), perSecond, disk }
    products.push(await startProduct(opened, its, beside))
  }
  const plain = opened.use(await forkProgram('targets/plain-inserts.ts'))
  const store = opened.use(
    await forkProgram('targets/store-pairs.ts', { env: { DATABASE_URL: url } }),
  )

  const playRound = async (turn: number, length: number): Promise<Round> => {
    const inserts = await plain.ask<number>({ url, atOnce: AT_ONCE, seconds: length })
    const alone = await store.ask<number>({ atOnce: AT_ONCE, seconds: length })
    const played: Record<string, Played> = {}
    for (const product of rotated(products, turn)) {
      played[product.name] = await product.play(length)
    }
    return { inserts, store: alone, products: played }
  }
  await playRound(0, seconds / 4)
  const rounds: Round[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) rounds.push(await playRound(turn, seconds))

  const of = (value: (measured: Round) => number) => round(median(rounds.map(value)))
  const playedBy = ({ name }: Product) => rounds.flatMap((turn) => turn.products[name] ?? [])
  const ofParley = playedBy(parley)
  const inserted = rounds.map(({ inserts }) => inserts)
  const pairsOf = (played: readonly Played[]) => played.map(({ changes }) => changes.perSecond)
  return {
    rows: [
      { what: 'plain durable inserts', 'per s': of(({ inserts }) => inserts) },
      {
        what: 'event + command pairs, of the store alone',
        'per s': of((measured) => measured.store),
      },
      ...products.map((product) => {
        const played = playedBy(product)
        const all = (value: (one: Played) => number) => round(median(played.map(value)))
        return {
          what: `${product.name}, event + command pairs: change on a socket → function → message on the socket`,
          'per s': all(({ changes }) => changes.perSecond),
          'p50 ms': all(({ changes }) => changes.p50Ms),
          'p99 ms': all(({ changes }) => changes.p99Ms),
          'CPU µs': all(({ threads }) => sum(Object.values(threads))),
        }
      }),
      ...products.map((product) => {
        const all = (value: (one: VisitResult) => number) =>
          round(median(playedBy(product).map((one) => value(one.opened))))
        return {
          what: `${product.name}, ${perSecond} conversations opened per second → function → message`,
          'per s': all((one) => one.perSecond),
          'p50 ms': all((one) => one.p50Ms),
          'p99 ms': all((one) => one.p99Ms),
        }
      }),
      diskRow(ofParley.map(({ disk }) => disk)),
    ],
    ...(account && {
      account: accountRows(
        Object.fromEntries(
          products.map((product) => [
            product.name,
            playedBy(product).map(({ threads }) => threads),
          ]),
        ),
      ),
    }),
    bars: [
      {
        name: 'P7',
        measure: `pairs of the store ÷ plain inserts, ${AT_ONCE} at once`,
        reached: medianRatio(
          rounds.map(({ store: pairs }) => pairs),
          inserted,
        ),
        bar: 0.5,
        wants: 'more',
      },
      {
        name: 'P7',
        measure: `pairs through sockets and functions ÷ plain inserts, ${AT_ONCE} at once`,
        reached: medianRatio(pairsOf(ofParley), inserted),
        bar: MIN_OF_INSERTS,
        wants: 'more',
      },
      ...products.slice(1).map((other) =>
        gainBar({
          measure: 'pairs through sockets and functions',
          reached: medianRatio(pairsOf(ofParley), pairsOf(playedBy(other))),
          bar: MIN_OF_INSERTS / FIRST_OF_INSERTS,
          wants: 'more',
        }),
      ),
      {
        name: 'P6',
        measure: `p50 ms, request for a conversation → function → message, ${perSecond}/s`,
        reached: median(ofParley.map(({ opened: one }) => one.p50Ms)),
        bar: 8,
        wants: 'less',
      },
      {
        name: 'P6',
        measure: 'p99 ms, likewise',
        reached: median(ofParley.map(({ opened: one }) => one.p99Ms)),
        bar: 40,
        wants: 'less',
      },
    ],
    details: rounds,
  }
}

async function startPostgres(opened: AsyncDisposableStack): Promise<Forked> {
  const dataDir = newDataDir()
  opened.defer(() => removeFolder(dataDir))
  const env = { DATA: join(dataDir, 'postgres') }
  return opened.use(await forkProgram('targets/postgres.ts', { env }))
}

interface ProductOptions {
  name: string
  postgres: Forked
  perSecond: number
  disk: Awaited<ReturnType<typeof watchDisk>>
}

/** The product of this checkout or another one, with the consumers that talk to it. */
async function startProduct(
  opened: AsyncDisposableStack,
  { name, postgres, perSecond, disk }: ProductOptions,
  checkout: string = join(import.meta.dirname, '..'),
): Promise<Product> {
  const url = await postgres.ask<string>('where')
  const parley = opened.use(
    await startParley({
      env: { DATABASE_URL: url },
      cwd: checkout,
      command: [process.execPath, START],
    }),
  )
  await answerEvents(await adminSession(parley))
  const { endpoint } = parley
  const crowd = opened.use(await forkProgram('load/visits.ts'))
  const arrivals = opened.use(await forkProgram('load/visits.ts'))
  await crowd.ask({ do: 'arrive', endpoint, consumers: AT_ONCE } satisfies VisitOrder)
  await arrivals.ask({ do: 'arrive', endpoint, consumers: perSecond * 5 } satisfies VisitOrder)
  const account = () => ({ ...accountOf(postgres.pid), ...accountOf(parley.pid) })
  return {
    name,
    async play(seconds) {
      const before = account()
      const changes = await crowd.ask<VisitResult>({ do: 'change', seconds })
      const threads = spentSince(before, account(), changes.perSecond * seconds)
      const open = { do: 'open', perSecond, seconds } satisfies VisitOrder
      const visits = arrivals.ask<VisitResult>(open)
      return { changes, threads, disk: await disk.watch(seconds), opened: await visits }
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0)
}
