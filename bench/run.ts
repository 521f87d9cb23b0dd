import { parseArgs } from 'node:util'
import { benchBots } from './bots.ts'
import { benchCold } from './cold.ts'
import { benchCpu } from './cpu.ts'
import { benchEvent } from './event.ts'
import { benchFunctions } from './functions.ts'
import { benchInvoke } from './invoke.ts'
import { benchIsolation } from './isolation.ts'
import { benchLogins } from './logins.ts'
import { benchMail } from './mail.ts'
import { type BenchOptions, type BenchReport, describeMachine, publish } from './report.ts'
import { benchMessages } from './messages.ts'
import { benchPairs } from './pairs.ts'
import { benchRecording } from './recording.ts'
import { benchReplay } from './replay.ts'
import { benchSockets } from './sockets.ts'
import { benchStart } from './start.ts'

const BENCHES: Record<string, (options: BenchOptions) => Promise<BenchReport>> = {
  invoke: benchInvoke,
  cpu: benchCpu,
  event: benchEvent,
  cold: benchCold,
  functions: benchFunctions,
  isolation: benchIsolation,
  pairs: benchPairs,
  sockets: benchSockets,
  messages: benchMessages,
  mail: benchMail,
  logins: benchLogins,
  bots: benchBots,
  recording: benchRecording,
  replay: benchReplay,
  start: benchStart,
}

/**
 * A busy machine gives a replay job little: how long it takes there is not known beforehand. What `cpu` shows is in `invoke`, and more
 * of it.
 */
const ONLY_BY_NAME = new Set(['cpu', 'replay'])
const ACCOUNTED = ['cpu', 'invoke']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    account: { type: 'boolean', default: false },
    beside: { type: 'string' },
  },
})
if ((values.account || values.beside) && !ACCOUNTED.includes(positionals.join(','))) {
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
  publish(name, await bench(values), values)
}
