import { parseArgs } from 'node:util'
import { benchBots } from './bots.ts'
import { benchCold } from './cold.ts'
import { benchCpu } from './cpu.ts'
import { benchEvent } from './event.ts'
import { benchFunctions } from './functions.ts'
import { benchInvoke } from './invoke.ts'
import { benchLane } from './lane.ts'
import { benchIsolation } from './isolation.ts'
import { benchJobs } from './jobs.ts'
import { benchLogins } from './logins.ts'
import { benchMail } from './mail.ts'
import { type BenchOptions, type BenchReport, describeMachine, publish } from './report.ts'
import { benchMessages } from './messages.ts'
import { benchPairs } from './pairs.ts'
import { PeersMissing } from './peers/install.ts'
import { benchPeers } from './peers.ts'
import { benchRecording } from './recording.ts'
import { benchReplay } from './replay.ts'
import { benchSockets } from './sockets.ts'
import { benchStart } from './start.ts'
import { benchStored } from './stored.ts'
import { benchTurns } from './turns.ts'

const BENCHES: Record<string, (options: BenchOptions) => Promise<BenchReport>> = {
  invoke: benchInvoke,
  peers: benchPeers,
  cpu: benchCpu,
  lane: benchLane,
  event: benchEvent,
  cold: benchCold,
  functions: benchFunctions,
  turns: benchTurns,
  isolation: benchIsolation,
  pairs: benchPairs,
  jobs: benchJobs,
  sockets: benchSockets,
  messages: benchMessages,
  mail: benchMail,
  logins: benchLogins,
  bots: benchBots,
  recording: benchRecording,
  replay: benchReplay,
  start: benchStart,
  stored: benchStored,
}

/**
 * `lane` installs the published clients. A busy machine gives a replay job little: how long it takes there is not known beforehand. What `cpu` shows is in `invoke`, and more of it,
 * and what `turns` shows in `functions`.
 */
const ONLY_BY_NAME = new Set(['cpu', 'lane', 'replay', 'turns'])
const ACCOUNTED_BESIDE = ['cpu', 'invoke', 'pairs', 'stored', 'turns']
const ACCOUNTED = [...ACCOUNTED_BESIDE, 'cold']
const BESIDE = [...ACCOUNTED_BESIDE, 'lane']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    account: { type: 'boolean', default: false },
    beside: { type: 'string' },
  },
})
const named = positionals.join(',')
if ((values.account && !ACCOUNTED.includes(named)) || (values.beside && !BESIDE.includes(named))) {
  console.error('--account and --beside belong to one bench: npm run bench -- invoke --account')
  process.exit(2)
}
const unknown = positionals.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`No bench "${unknown.join(', ')}"; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}

console.log(describeMachine())
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 ? !positionals.includes(name) : ONLY_BY_NAME.has(name)) continue
  console.log(`${name}${values.short ? ' (short form)' : ''}`)
  try {
    publish(name, await bench(values), values)
  } catch (error) {
    if (!(error instanceof PeersMissing)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
