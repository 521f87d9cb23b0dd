import { join } from 'node:path'
import { newDataDir } from '../e2e/live/parley.ts'
import { cpuSeconds } from '../e2e/live/process-tree.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { type Forked, forkProgram } from './forked.ts'
import { installPeers } from './peers/install.ts'
import { type BenchOptions, type BenchReport, median, rotated, round, spread } from './report.ts'

const AT_ONCE = 64

/** Programs that write to the same database, and what a row says of them. */
const PROGRAMS = {
  inserts: { file: 'targets/plain-inserts.ts', what: 'plain durable inserts' },
  store: { file: 'targets/store-pairs.ts', what: 'event + command pairs, of the store alone' },
  'pg-boss': {
    file: 'targets/pg-boss-pairs.ts',
    what: 'pg-boss: job with the event → insert of the command',
  },
  'graphile-worker': {
    file: 'targets/graphile-worker-pairs.ts',
    what: 'graphile-worker: job with the event → insert of the command',
  },
} as const
type ProgramName = keyof typeof PROGRAMS
const NAMES = Object.keys(PROGRAMS) as ProgramName[]

interface Measured {
  perSecond: number
  /** Of one insert or pair: the program, and PostgreSQL. */
  cpuMicros: number
  postgresMicros: number
}
type Round = Record<ProgramName, Measured>

/** Started anew each time, so that nothing of the others runs beside it and no connection of theirs is open. */
async function measure(
  name: ProgramName,
  { postgres, url, seconds }: { postgres: Forked; url: string; seconds: number },
): Promise<Measured> {
  await using program = await forkProgram(PROGRAMS[name].file, { env: { DATABASE_URL: url } })
  await program.ask({ url, atOnce: AT_ONCE, seconds: seconds / 4 })
  const before = [program, postgres].map(({ pid }) => cpuSeconds(pid))
  const perSecond = await program.ask<number>({ url, atOnce: AT_ONCE, seconds })
  const [cpuMicros = 0, postgresMicros = 0] = [program, postgres].map(
    ({ pid }, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) * 1e6) / (perSecond * seconds),
  )
  return { perSecond, cpuMicros, postgresMicros }
}

function rowOf(name: ProgramName, rounds: Round[]) {
  const of = (key: keyof Measured) => rounds.map((measured) => measured[name][key])
  const ratio = (above: ProgramName, below: ProgramName) =>
    spread(rounds.map((measured) => measured[above].perSecond / measured[below].perSecond))
  return {
    what: PROGRAMS[name].what,
    'per s': spread(of('perSecond')),
    'CPU µs': round(median(of('cpuMicros'))),
    'CPU µs of PostgreSQL': round(median(of('postgresMicros'))),
    ...(name !== 'inserts' && { 'it ÷ inserts': ratio(name, 'inserts') }),
    ...(name !== 'store' && { 'store ÷ it': ratio('store', name) }),
  }
}

/** Durable jobs: pairs of the store beside queues of others in the same PostgreSQL, with the same bytes. */
export async function benchJobs({ short }: BenchOptions): Promise<BenchReport> {
  await installPeers()
  const seconds = short ? 1 : 8
  const dataDir = newDataDir()
  using _removed = { [Symbol.dispose]: () => removeFolder(dataDir) }
  await using postgres = await forkProgram('targets/postgres.ts', {
    env: { DATA: join(dataDir, 'postgres') },
  })
  const url = await postgres.ask<string>('where')

  const rounds: Round[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    const measured: Partial<Round> = {}
    for (const name of rotated(NAMES, turn)) {
      measured[name] = await measure(name, { postgres, url, seconds })
    }
    rounds.push(measured as Round)
  }
  return { rows: NAMES.map((name) => rowOf(name, rounds)), bars: [], details: rounds }
}
