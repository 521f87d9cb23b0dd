import { accountRows, type CpuByThread } from './cpu-account.ts'
import { ECHO_BODY, ECHO_CODE } from './deployed-function.ts'
import { type Product, sample, type Sample, startProduct, startRaw } from './invoke-targets.ts'
import {
  type BenchOptions,
  type BenchReport,
  gainBar,
  median,
  medianRatio,
  rotated,
  round,
} from './report.ts'

const CONNECTIONS = 32
const MIN_OF_RAW = 0.22
/** What e7f407b reached where the bar was set. */
const FIRST_OF_RAW = 0.155

/** Functions that are called in turn, by their number: with one, calls come in batches; with many, each is of another process than the one before. */
export async function benchTurns({ short, account, beside }: BenchOptions): Promise<BenchReport> {
  const { counts, rounds, seconds } = short
    ? { counts: [1, 6], rounds: 1, seconds: 1 }
    : { counts: [1, 8, 32, 200], rounds: 5, seconds: 5 }
  const functions = Math.max(...counts)
  const code = Object.fromEntries(
    Array.from({ length: functions }, (_, index) => [`turn_${index}`, ECHO_CODE]),
  )
  await using others = new AsyncDisposableStack()
  await using raw = await startRaw()
  await using parley = await startProduct(undefined, code)
  const products: Product[] = [parley]
  if (beside) products.push(others.use(await startProduct(beside, code)))
  const targets = [
    { name: 'raw', measure: () => sample(raw, CONNECTIONS, seconds) },
    ...products.flatMap((product) => {
      const urls = Object.values(product.urls)
      return counts.map((count) => ({
        name: `${product.name}, ${count} in turn`,
        measure: () =>
          sample(product, CONNECTIONS, seconds, { body: ECHO_BODY, url: urls.slice(0, count) }),
      }))
    }),
  ]
  // The first time round starts an instance of each function.
  for (const { measure } of targets) await measure()

  const measured = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]))
  for (let turn = 0; turn < rounds; turn++) {
    for (const { name, measure } of rotated(targets, turn)) {
      measured.get(name)?.push(await measure())
    }
  }
  const perSecondOf = (name: string) => (measured.get(name) ?? []).map(({ perSecond }) => perSecond)
  const inTurn = perSecondOf(`parley, ${functions} in turn`)
  const threads = [...measured].map(([name, samples]): [string, CpuByThread[]] => [
    name,
    samples.map((one) => one.threads),
  ])
  return {
    rows: [...measured].map(([target, samples]) => ({
      target,
      'req/s': round(median(samples.map(({ perSecond }) => perSecond))),
      'p50 ms': round(median(samples.map(({ p50Ms }) => p50Ms))),
      'p99 ms': round(median(samples.map(({ p99Ms }) => p99Ms))),
      'CPU µs': round(median(samples.map(({ cpuMicros }) => cpuMicros))),
    })),
    ...(account && { account: accountRows(Object.fromEntries(threads)) }),
    bars: [
      {
        name: 'in turn',
        measure: `requests per second of ${functions} functions in turn ÷ raw of the same round, 32 connections`,
        reached: medianRatio(inTurn, perSecondOf('raw')),
        bar: MIN_OF_RAW,
        wants: 'more',
      },
      ...(beside
        ? [
            gainBar({
              measure: `requests per second of ${functions} functions in turn`,
              reached: medianRatio(inTurn, perSecondOf(`beside, ${functions} in turn`)),
              bar: MIN_OF_RAW / FIRST_OF_RAW,
              wants: 'more',
            }),
          ]
        : []),
    ],
    details: Object.fromEntries(measured),
  }
}
