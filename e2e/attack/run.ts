import { parseArgs } from 'node:util'
import { forkProgram } from '../../bench/forked.ts'
import type { Summary } from '../../bench/load/summary.ts'
import { eventually } from '../live/eventually.ts'
import { ATTACKS } from './attacks.ts'
import { openNeighbour } from './neighbour.ts'
import { type Usage, usageOf, watchPeak } from './usage.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const PLAN = values.short
  ? { beforeMs: 4000, attackMs: 9000, afterMs: 3000 }
  : { beforeMs: 30_000, attackMs: 200_000, afterMs: 20_000 }
/** What grows from one to the next is not garbage. */
const ROUNDS = 3

/** What must hold. The neighbour shares the processors with the attackers, and both with whatever else the machine does. */
const BOUNDS = {
  duringP99: { ms: 1000, timesBefore: 10 },
  afterP99: { ms: 100, timesBefore: 5 },
  /** Above what was held before: at most, and once the attack is over. */
  peakMegabytes: 900,
  leftMegabytes: 250,
  /** Held after the last round, beyond what was held after the first. */
  grownMegabytes: 60,
  leftDescriptors: 20,
}

interface Where {
  url: string
  tlsPort: number
  accounts: { accountId: string }[]
}

interface Row extends Usage {
  phase: string
  neighbour: Summary
}

await using server = await forkProgram('targets/two-accounts.ts', {
  env: { ADDRESS_LIMITS: 'shipped' },
  execArgv: ['--expose-gc'],
})
const { url, tlsPort, accounts } = await server.ask<Where>('where')
const [attacked, quiet] = accounts
if (!attacked || !quiet) throw new Error('There must be two accounts')
await using attackers = await forkProgram('../e2e/attack/attackers.ts')
using neighbour = await openNeighbour({ url, accountId: quiet.accountId })

await neighbour.talk(PLAN.beforeMs)
const before: Row = {
  phase: 'before',
  neighbour: await neighbour.talk(PLAN.beforeMs),
  ...usageOf(server.pid),
}

const during: Row[] = []
const after: Row[] = []
let waves: Record<string, number> = {}
for (let round = 1; round <= ROUNDS; round++) {
  await attackers.ask({ start: { url, tlsPort, accountId: attacked.accountId } })
  during.push(await watchAttack(`attack ${round}`))
  waves = await attackers.ask<Record<string, number>>('stop')
  await eventually('The end of what the attack held', hasComeBack, {
    patienceMs: 60_000,
    pauseMs: 1000,
  }).catch((cause: unknown) => console.error(String(cause)))
  const summary = await neighbour.talk(PLAN.afterMs)
  after.push({ phase: `after ${round}`, neighbour: summary, ...usageOf(server.pid) })
}

report([before, ...during.flatMap((attack, index) => [attack, after[index] ?? []].flat())])
const broken = complaints()
for (const complaint of broken) console.error(complaint)
process.exitCode = broken.length > 0 ? 1 : 0

async function watchAttack(phase: string): Promise<Row> {
  using watched = watchPeak(server.pid)
  const summary = await neighbour.talk(PLAN.attackMs)
  return { phase, neighbour: summary, ...watched.peak }
}

async function hasComeBack(): Promise<true | undefined> {
  await server.ask('collect garbage')
  const { megabytes, descriptors } = usageOf(server.pid)
  const isBack =
    megabytes <= before.megabytes + BOUNDS.leftMegabytes &&
    descriptors <= before.descriptors + BOUNDS.leftDescriptors
  return isBack || undefined
}

function report(rows: readonly Row[]): void {
  console.log('| phase | memory | descriptors | messages of the neighbour | p50 | p99 |')
  console.log('|---|---|---|---|---|---|')
  for (const { phase, megabytes, descriptors, neighbour: own } of rows) {
    const [p50, p99] = [own.p50Ms, own.p99Ms].map((ms) => `${ms.toFixed(1)} ms`)
    console.log(`| ${phase} | ${megabytes} MB | ${descriptors} | ${own.count} | ${p50} | ${p99} |`)
  }
  for (const name of Object.keys(ATTACKS)) console.log(`${name}: ${waves[name] ?? 0} waves`)
}

function complaints(): string[] {
  const { duringP99, afterP99, peakMegabytes, leftMegabytes, grownMegabytes, leftDescriptors } =
    BOUNDS
  const worst = (rows: readonly Row[], of: (row: Row) => number) => Math.max(...rows.map(of))
  const p99 = ({ neighbour: own }: Row) => own.p99Ms
  const memory = ({ megabytes }: Row) => megabytes
  const grown = (after.at(-1)?.megabytes ?? Infinity) - (after[0]?.megabytes ?? 0)
  const most = ({ ms, timesBefore }: typeof duringP99) => ms + timesBefore * before.neighbour.p99Ms
  const checks: [what: string, value: number, most: number][] = [
    ["the neighbour's p99 during the attack, in ms", worst(during, p99), most(duringP99)],
    ["the neighbour's p99 after it, in ms", worst(after, p99), most(afterP99)],
    ['memory at most, in MB', worst(during, memory), before.megabytes + peakMegabytes],
    ['memory after it, in MB', worst(after, memory), before.megabytes + leftMegabytes],
    ['what is held more after the last attack than after the first, in MB', grown, grownMegabytes],
    [
      'descriptors after it',
      worst(after, ({ descriptors }) => descriptors),
      before.descriptors + leftDescriptors,
    ],
  ]
  const idle = Object.keys(ATTACKS).filter((name) => !waves[name])
  return [
    ...checks
      .filter(([, value, bound]) => !(value <= bound))
      .map(([what, value, bound]) => {
        return `Out of bounds: ${what} is ${value.toFixed(0)}, at most ${bound.toFixed(0)}`
      }),
    ...idle.map((name) => `The attack "${name}" has never run`),
  ]
}
