import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '@parley/client'
import { type FirstRun, type LiveParley, newDataDir, startParley } from '../live/parley.ts'
import { removeFolder } from '../live/remove-folder.ts'

/** A start fails when the database cannot be reached at that moment; nodes are then started again. */
const MAX_STARTS = 10

/** One of several nodes on one database: killed and started again, each time at another address. */
export interface ClusterNode extends AsyncDisposable {
  readonly name: string
  /** Where it is, while it is up. */
  endpoint(): Endpoint | undefined
  /** Of the node that was the first on a new database. */
  firstRun(): FirstRun
  kill(): Promise<void>
  /** As by Ctrl-C. */
  stop(): Promise<void>
  start(): Promise<void>
  /** For a node that is up. */
  signal(signal: NodeJS.Signals): void
}

export interface NodeOptions {
  name: string
  env: Record<string, string>
  /** A folder for what the node prints. */
  logs?: string | undefined
}

export async function startNode({ name, env, logs }: NodeOptions): Promise<ClusterNode> {
  const dataDir = newDataDir()
  let parley: LiveParley | undefined

  async function start(): Promise<void> {
    for (let made = 1; !parley; made++) {
      try {
        parley = await startParley({ dataDir, env })
      } catch (error) {
        if (made === MAX_STARTS) throw error
        log(error instanceof Error ? error.message : String(error))
      }
    }
  }

  function log(text: string): void {
    if (logs !== undefined) appendFileSync(join(logs, `${name}.log`), `${text}\n--- ${name}\n`)
  }

  /** First of all `endpoint` answers nothing, so that no client chooses the node any more. */
  async function end(by: (victim: LiveParley) => Promise<unknown>): Promise<void> {
    const victim = parley
    parley = undefined
    if (!victim) return
    await by(victim)
    log(victim.output())
  }

  await start()
  // Nothing else would end it when this process fails.
  const killInTheEnd = () => void (parley && process.kill(parley.pid, 'SIGKILL'))
  process.once('exit', killInTheEnd)
  return {
    name,
    endpoint: () => parley?.endpoint,
    firstRun() {
      if (!parley) throw new Error(`Node ${name} is down`)
      return parley.firstRun
    },
    start,
    kill: () => end((victim) => victim.kill('server')),
    stop: () => end((victim) => victim.stop()),
    signal: (signal) => void (parley && process.kill(parley.pid, signal)),
    async [Symbol.asyncDispose]() {
      await end((victim) => victim.stop())
      process.off('exit', killInTheEnd)
      removeFolder(dataDir)
    },
  }
}
