import { setTimeout as sleep } from 'node:timers/promises'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { pssBytes } from '../e2e/live/process-tree.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'

const NPM_START = ['npm', 'start']

/** Until the pool is full, and V8 has given back what only the start needed, which it does half a minute later. */
const SETTLE_MS = 40_000

async function playRound(settleMs: number) {
  const dataDir = newDataDir()
  try {
    const first = await startParley({ dataDir, command: NPM_START })
    await first.stop()
    const second = await startParley({ dataDir, command: NPM_START })
    await second.kill('everything')
    const afterKill = await startParley({ dataDir, command: NPM_START })
    await afterKill.stop()
    const idle = await startParley({ dataDir })
    await sleep(settleMs)
    const idleMiB = pssBytes(idle.pid) / 2 ** 20
    await idle.stop()
    return {
      firstMs: first.readyMs,
      secondMs: second.readyMs,
      afterKillMs: afterKill.readyMs,
      idleMiB,
    }
  } finally {
    removeFolder(dataDir)
  }
}

export async function benchStart({ short }: BenchOptions): Promise<BenchReport> {
  const rounds: Awaited<ReturnType<typeof playRound>>[] = []
  for (let turn = 0; turn < (short ? 1 : 5); turn++) {
    rounds.push(await playRound(short ? 1_000 : SETTLE_MS))
  }
  const of = (key: keyof (typeof rounds)[number]) => median(rounds.map((measured) => measured[key]))
  return {
    rows: [
      { what: 'npm start, first time', ms: round(of('firstMs')) },
      { what: 'npm start, second time', ms: round(of('secondMs')) },
      { what: 'npm start after kill -9 of everything', ms: round(of('afterKillMs')) },
      { what: 'memory of the idle server, all processes (MiB, PSS)', ms: round(of('idleMiB')) },
    ],
    bars: [
      {
        name: 'P11',
        measure: 'ms from npm start to ready, second start',
        reached: of('secondMs'),
        bar: 800,
        wants: 'less',
      },
      {
        name: 'P13',
        measure: `MiB of an idle server ${SETTLE_MS / 1000} s after its start, all processes (PSS)`,
        reached: of('idleMiB'),
        bar: 200,
        wants: 'less',
      },
    ],
    details: rounds,
  }
}
