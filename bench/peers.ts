import {
  sample,
  startFramework,
  startProduct,
  startRaw,
  type Target,
  type TargetName,
} from './invoke-targets.ts'
import { type FullRound, rowsOf, runRounds } from './invoke.ts'
import { startServerlessOffline, startWorkerd } from './peer-targets.ts'
import { installPeers } from './peers/install.ts'
import { type BenchOptions, type BenchReport, spread } from './report.ts'

/** In the order of the first round. */
const STARTS = [startRaw, startFramework, startWorkerd, startServerlessOffline, startProduct]

/** Parley ÷ each of the others, in the rounds that both had. */
function withRatios(rounds: FullRound[], connections: number) {
  const ratios = (name: TargetName, key: 'perSecond' | 'cpuMicros') =>
    spread(
      rounds.flatMap((measured) => {
        const peer = measured[name]
        return peer ? measured.parley[key] / peer[key] : []
      }),
    )
  return rowsOf(rounds, connections).map((row) => ({
    ...row,
    ...(row.target !== 'parley' && {
      'parley ÷ it, req/s': ratios(row.target, 'perSecond'),
      'parley ÷ it, CPU': ratios(row.target, 'cpuMicros'),
    }),
  }))
}

/** Direct invocations beside other programs that run functions, each answering the same request with the same echo. */
export async function benchPeers({ short }: BenchOptions): Promise<BenchReport> {
  await installPeers()
  await using opened = new AsyncDisposableStack()
  const all: Target[] = []
  for (const start of STARTS) all.push(opened.use(await start()))
  for (const target of all) await sample(target, 32, short ? 0.5 : 3)

  const rounds = short ? 1 : 5
  const many = await runRounds(all, { connections: 32, seconds: short ? 0.5 : 8, rounds })
  const one = await runRounds(all, { connections: 1, seconds: short ? 0.5 : 4, rounds })
  return {
    rows: [...withRatios(many, 32), ...withRatios(one, 1)],
    bars: [],
    details: { many, one },
  }
}
