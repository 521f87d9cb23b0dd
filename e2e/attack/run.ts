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

const PATIENCE = { patienceMs: 60_000, pauseMs: 1000 }
const complain = (cause: unknown) => console.error(String(cause))

/** What must hold. The neighbour shares the processors with the attackers, and both with whatever else the machine does. */
const BOUNDS = {
  duringP99: { ms: 1000, timesBefore: 10 },
  afterP99: { ms: 100, timesBefore: 5 },
  /** Of the process, above what it had before: at most, and more in the last round than in the first. */
  peakMegabytes: 900,
  grownPeakMegabytes: 120,
  /**
   * Held once the attack is over, above what was held before: caches, which have bounds. The process keeps some 250 MB more: pages of what was freed, which
   * the C library uses again in the next attack (`grownPeakMegabytes`) and gives back only when it is asked to.
   */
  heldMegabytes: 100,
  /** Held after the last round, beyond what was held after the first. */
  grownMegabytes: 40,
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

/** When nobody attacks. */
interface QuietRow extends Row {
  /** What is left of its memory when what was freed is given back. */
  heldMegabytes: number
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
const before = await watchQuiet('before', PLAN.beforeMs)

const during: Row[] = []
const after: QuietRow[] = []
let waves: Record<string, number> = {}
for (let round = 1; round <= ROUNDS; round++) {
  await attackers.ask({ start: { url, tlsPort, accountId: attacked.accountId } })
  during.push(await watchAttack(`attack ${round}`))
  waves = await attackers.ask<Record<string, number>>('stop')
  await eventually('The end of the connections', hasComeBack, PATIENCE).catch(complain)
  const mostHeld = before.heldMegabytes + BOUNDS.heldMegabytes
  after.push(await watchQuiet(`after ${round}`, PLAN.afterMs, mostHeld))
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

async function watchQuiet(phase: string, ms: number, mostHeld = Infinity): Promise<QuietRow> {
  const summary = await neighbour.talk(ms)
  const usage = usageOf(server.pid)
  return { phase, neighbour: summary, ...usage, heldMegabytes: await leastHeld(mostHeld) }
}

/** What is being ended may be held for a while. */
async function leastHeld(mostMegabytes: number): Promise<number> {
  let least = Infinity
  const isFreed = async () => {
    await server.ask('free memory')
    least = Math.min(least, usageOf(server.pid).megabytes)
    return least <= mostMegabytes || undefined
  }
  await eventually('The end of the memory that the attack held', isFreed, PATIENCE).catch(complain)
  return least
}

function hasComeBack(): true | undefined {
  const { descriptors } = usageOf(server.pid)
  return descriptors <= before.descriptors + BOUNDS.leftDescriptors || undefined
}

function report(rows: readonly (Row | QuietRow)[]): void {
  console.log(
    '| phase | memory | held of it | descriptors | messages of the neighbour | p50 | p99 |',
  )
  console.log('|---|---|---|---|---|---|---|')
  for (const { phase, megabytes, descriptors, neighbour: own, ...row } of rows) {
    const held = 'heldMegabytes' in row ? `${row.heldMegabytes} MB` : ''
    const [p50, p99] = [own.p50Ms, own.p99Ms].map((ms) => `${ms.toFixed(1)} ms`)
    const cells = [phase, `${megabytes} MB`, held, descriptors, own.count, p50, p99]
    console.log(`| ${cells.join(' | ')} |`)
  }
  for (const name of Object.keys(ATTACKS)) console.log(`${name}: ${waves[name] ?? 0} waves`)
}

function complaints(): string[] {
  const { duringP99, afterP99, leftDescriptors } = BOUNDS
  const worst = <Any extends Row>(rows: readonly Any[], of: (row: Any) => number) =>
    Math.max(...rows.map(of))
  const grown = <Any extends Row>(rows: readonly Any[], of: (row: Any) => number) => {
    const [first, last] = [rows[0], rows.at(-1)]
    return first && last ? of(last) - of(first) : Infinity
  }
  const p99 = ({ neighbour: own }: Row) => own.p99Ms
  const memory = ({ megabytes }: Row) => megabytes
  const held = (row: QuietRow) => row.heldMegabytes
  const most = ({ ms, timesBefore }: typeof duringP99) => ms + timesBefore * before.neighbour.p99Ms
  const checks: [what: string, value: number, most: number][] = [
    ["the neighbour's p99 during the attack, in ms", worst(during, p99), most(duringP99)],
    ["the neighbour's p99 after it, in ms", worst(after, p99), most(afterP99)],
    ['memory at most, in MB', worst(during, memory), before.megabytes + BOUNDS.peakMegabytes],
    [
      'memory more in the last attack than in the first, in MB',
      grown(during, memory),
      BOUNDS.grownPeakMegabytes,
    ],
    [
      'memory held after it, in MB',
      worst(after, held),
      before.heldMegabytes + BOUNDS.heldMegabytes,
    ],
    [
      'memory held more after the last attack than after the first, in MB',
      grown(after, held),
      BOUNDS.grownMegabytes,
    ],
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
