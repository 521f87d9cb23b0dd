import { accountRows } from './cpu-account.ts'
import { sample, type Sample, startProduct, startRaw, type Target } from './invoke-targets.ts'
import { type BenchOptions, type BenchReport, rotated, median, round } from './report.ts'

const CONNECTIONS = 32
const ROUNDS = { long: { rounds: 12, seconds: 2 }, short: { rounds: 7, seconds: 1 } }
/** CPU of a call ÷ CPU of one of the raw server of the same round, at its least: runs on a quiet machine have reached 1.46 to 1.85 (PROFILES.md). */
const STATED_RATIO = 2
/** A change that makes calls dearer by more than this is to be found, or stated. */
const MAX_GROWTH = 1.15
/**
 * Of one processor. The raw server takes all of it while nothing else runs. With less, rounds say nothing: the instances of functions give
 * way, so that what the server does at each turn, and PostgreSQL beside it, is shared by few calls.
 */
const QUIET_SHARE = 0.75
const LEAST_ROUNDS = 3

/** What a direct call costs of the machine, beside the raw server. It fails where a change has made calls dearer. */
export async function benchCpu({ short, account, beside }: BenchOptions): Promise<BenchReport> {
  await using others = new AsyncDisposableStack()
  await using raw = await startRaw()
  await using parley = await startProduct()
  const all: Target[] = [raw, parley]
  if (beside) all.push(others.use(await startProduct(beside)))
  const { rounds, seconds } = short ? ROUNDS.short : ROUNDS.long
  // Compiled code first: it makes both two times cheaper.
  for (const target of all) await sample(target, CONNECTIONS, 2)

  const measured = new Map<Target, Sample[]>(all.map((target) => [target, []]))
  for (let turn = 0; turn < rounds; turn++) {
    for (const target of rotated(all, turn)) {
      measured.get(target)?.push(await sample(target, CONNECTIONS, seconds))
    }
  }
  const ofRaw = measured.get(raw) ?? []
  const ratios = (measured.get(parley) ?? []).flatMap(({ cpuMicros }, turn) => {
    const anchor = ofRaw[turn]
    return anchor && shareOf(anchor) >= QUIET_SHARE ? cpuMicros / anchor.cpuMicros : []
  })
  const isJudged = ratios.length >= LEAST_ROUNDS
  if (!isJudged) {
    console.log(`Not judged: the machine did something else in all but ${ratios.length} rounds`)
  }
  const threads = [...measured].map(([{ name }, samples]): [string, Sample['threads'][]] => [
    name,
    samples.map((one) => one.threads),
  ])
  return {
    rows: [...measured].map(([{ name }, samples]) => {
      const micros = samples.map(({ cpuMicros }) => cpuMicros)
      return {
        target: name,
        'CPU µs, least': round(Math.min(...micros)),
        'CPU µs, median': round(median(micros)),
        'req/s, median': round(median(samples.map(({ perSecond }) => perSecond))),
        'p99 ms, median': round(median(samples.map(({ p99Ms }) => p99Ms))),
      }
    }),
    ...(account && { account: accountRows(Object.fromEntries(threads)) }),
    bars: isJudged
      ? [
          {
            name: 'CPU',
            measure: `CPU of a call ÷ raw, 32 connections, least of ${ratios.length} rounds`,
            reached: Math.min(...ratios),
            bar: STATED_RATIO * MAX_GROWTH,
            wants: 'less',
            isRequired: true,
          },
        ]
      : [],
    details: Object.fromEntries([...measured].map(([{ name }, samples]) => [name, samples])),
  }
}

/** Of one processor. */
function shareOf({ cpuMicros, perSecond }: Sample): number {
  return (cpuMicros * perSecond) / 1e6
}
