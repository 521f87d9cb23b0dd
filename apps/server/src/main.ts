import { systemMonotonic } from '#base/kernel'
import { readConfig } from './config.ts'
import { giveHeapRoom } from './heap-room.ts'
import { refusalOf } from './refusal.ts'
import { usage } from './usage.ts'

const monotonic = systemMonotonic()

/** Bad settings, a port in use, a data directory that cannot be used: clear lines instead of a stack. */
function refuse(cause: unknown): never {
  process.stderr.write(`${refusalOf(cause)}\n`)
  process.exit(1)
}

const [option] = process.argv.slice(2)
if (option === '--help' || option === '-h') {
  process.stdout.write(usage())
  process.exit(0)
}
if (option !== undefined) {
  refuse(`unknown option ${option}; --help says how the server is started`)
}

/** Ends what a start waits for, and the start at its next step. */
const stopping = new AbortController()

async function start() {
  const startedAt = monotonic.now()
  const config = readConfig(process.env)
  // Each is loaded only now: a wrong setting is refused at once, and what the first steps start begins while the rest is loaded.
  const { takeFirstSteps } = await import('#server/first-steps')
  const firstSteps = await takeFirstSteps(config, { stopping: stopping.signal })
  const { runServer } = await import('./run-server.ts').catch(async (error: unknown) => {
    await firstSteps[Symbol.asyncDispose]()
    throw error
  })
  const sinceStartMs = () => monotonic.now() - startedAt
  const context = await runServer(config, {
    firstSteps,
    stopping: stopping.signal,
    sinceStartMs,
  })
  giveHeapRoom()
  return context
}

/** `npm start` hands on the Ctrl-C that the terminal has sent already: the same key press arrives twice. */
const SAME_KEY_PRESS_MS = 1000
let stoppingSince: number | undefined

/** Node takes this signal up again where nohup has turned it off: the server cannot see that it was to go on. */
const HUNG_UP =
  ' because the terminal of the start was closed (nohup does not hold for programs of Node; setsid npm start goes on without a terminal)'

// A terminal that was closed, a pipe whose reader the same Ctrl-C has ended, a full disk below it: what cannot be printed any more must
// neither end the server nor cut off what it is just finishing.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)

// Before the start: who is told that the server is ready may stop it in the next moment. SIGHUP says that its terminal was closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stoppingSince !== undefined) {
      if (monotonic.now() - stoppingSince > SAME_KEY_PRESS_MS) process.exit(1)
      return
    }
    stoppingSince = monotonic.now()
    stopping.abort()
    const why = signal === 'SIGHUP' ? HUNG_UP : ''
    process.stdout.write(
      `Stopping${why}: what is running may finish. Ctrl-C again stops at once.\n`,
    )
    starting.then((context) => context[Symbol.asyncDispose]()).then(() => process.exit(0), refuse)
  })
}

const starting = start().catch((cause: unknown) => {
  // Also what the same Ctrl-C has ended: it reaches the programs by which a start sets up the database.
  if (stopping.signal.aborted) process.exit(0)
  refuse(cause)
})
