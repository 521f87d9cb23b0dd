import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger, Monotonic } from '#base/kernel'
import type { Engine } from './engine.ts'
import type { Owner } from './owner.ts'
import {
  findLeftover,
  hasTaken,
  isReady,
  isRunning,
  isSocketLockMistakable,
  signal,
} from './pids.ts'
import { serverSettings } from './settings.ts'

const POLL_MS = 5
/** So often it is said that a start takes long: a database that was killed repeats its log first, which may take minutes. */
const STILL_STARTING_MS = 10_000
/** A try that ended is repeated for this long: after a kill -9 the old server's children take a moment to end. */
const RETRY_PATIENCE_MS = 20_000
const POLITE_STOP_MS = 10_000
const QUICK_STOP_MS = 5_000
const LEFTOVER_PATIENCE_MS = 10_000
const KEPT_LINES = 20

export interface PostmasterDeps {
  logger: Logger
  monotonic: Monotonic
  engine: Engine
  owner: Owner
  cluster: string
  socketDir: string
  isDurable: boolean
}

export interface Postmaster {
  pid: number
  /** Resolves when it has ended, for whatever reason, to the last that it said. */
  ended: Promise<string>
}

/**
 * Starts the server and resolves when it accepts connections.
 * @param onLaunch called when its process is there
 * @param isUnwanted whether it is no longer needed: then it is ended
 */
export async function startPostmaster(
  deps: PostmasterDeps,
  {
    onLaunch,
    isUnwanted,
  }: { onLaunch?: (() => void) | undefined; isUnwanted?: () => boolean } = {},
): Promise<Postmaster> {
  const giveUpAt = deps.monotonic.now() + RETRY_PATIENCE_MS
  let isTold = false
  for (;;) {
    await stopLeftover(deps)
    const said: string[] = []
    const child = launch(deps, said)
    onLaunch?.()
    const { pid } = child
    // Not `once` of node:events: a process that cannot be made has an error and no end.
    const ended = new Promise<string>((resolve) =>
      child.once('exit', () => resolve(said.join(' · '))),
    )
    if (pid !== undefined && (await becomesReady(deps, child, pid, isUnwanted)))
      return { pid, ended }
    const reason = said.join(' · ')
    if (isUnwanted?.() || deps.monotonic.now() > giveUpAt)
      throw new Error(`Cannot start: PostgreSQL does not start: ${reason}`)
    // Once: a reason that stays is there some hundred times, and at the end in the error.
    if (!isTold) {
      const seconds = RETRY_PATIENCE_MS / 1000
      deps.logger.warn({ reason }, `PostgreSQL did not start; trying again for ${seconds} s`)
    }
    isTold = true
    await deps.monotonic.sleep(100)
  }
}

/** Ends the server: politely, then quickly, then at once. */
export async function stopPostmaster(
  { monotonic }: Pick<PostmasterDeps, 'monotonic'>,
  pid: number,
): Promise<void> {
  for (const [name, patienceMs] of [
    ['SIGINT', POLITE_STOP_MS],
    ['SIGQUIT', QUICK_STOP_MS],
    ['SIGKILL', QUICK_STOP_MS],
  ] as const) {
    const giveUpAt = monotonic.now() + patienceMs
    signal(pid, name)
    while (isRunning(pid) && monotonic.now() < giveUpAt) await monotonic.sleep(POLL_MS)
    if (!isRunning(pid)) return
  }
}

/**
 * Ends the servers that a killed Parley, or a killed postmaster, left running, and waits until they are gone. The pid file and that
 * of the socket stay where they are, unless they name a process that is no server of this cluster: by them PostgreSQL itself sees
 * whether the cluster is still in use.
 */
async function stopLeftover(deps: PostmasterDeps): Promise<void> {
  const { monotonic, cluster, socketDir } = deps
  const socketLock = join(socketDir, '.s.PGSQL.5432.lock')
  const giveUpAt = monotonic.now() + LEFTOVER_PATIENCE_MS
  for (;;) {
    const { postmaster, servers, isMistakable, isEnding } = findLeftover(cluster)
    if (postmaster !== undefined) {
      deps.logger.info({ pid: postmaster }, 'Stopping the PostgreSQL that a former run left behind')
      await stopPostmaster(deps, postmaster)
    } else {
      for (const pid of servers) signal(pid, 'SIGKILL')
    }
    const areGone = postmaster === undefined && servers.length === 0 && !isEnding
    // A postmaster that is just ending removes it, too.
    if (areGone && isMistakable) rmSync(join(cluster, 'postmaster.pid'), { force: true })
    if (areGone && isSocketLockMistakable(socketLock, cluster)) rmSync(socketLock, { force: true })
    if (areGone || monotonic.now() > giveUpAt) return
    await monotonic.sleep(POLL_MS)
  }
}

function launch(deps: PostmasterDeps, said: string[]): ChildProcess {
  const [command = '', ...args] = [
    ...deps.owner.prefix,
    deps.engine.bin('postgres'),
    '-D',
    deps.cluster,
    ...serverSettings(deps.socketDir, deps.isDurable),
  ]
  // In a session of its own: Ctrl-C in a terminal goes to Parley, which then stops the server.
  const child = spawn(command, args, {
    cwd: '/',
    env: deps.engine.env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) {
      deps.logger.debug({ postgres: line }, 'PostgreSQL')
      said.push(line)
      if (said.length > KEPT_LINES) said.shift()
    }
  })
  child.on('error', ({ message }) => said.push(message))
  return child
}

async function becomesReady(
  deps: PostmasterDeps,
  child: ChildProcess,
  pid: number,
  isUnwanted?: () => boolean,
): Promise<boolean> {
  const { monotonic, cluster, logger } = deps
  let tellAt = monotonic.now() + STILL_STARTING_MS
  while (child.exitCode === null && child.signalCode === null) {
    if (isReady(cluster, pid)) return true
    if (isUnwanted?.() && hasTaken(cluster, pid)) await stopPostmaster(deps, pid)
    if (monotonic.now() > tellAt) {
      logger.warn('PostgreSQL is still starting: it may repeat what its log has')
      tellAt = monotonic.now() + STILL_STARTING_MS
    }
    await monotonic.sleep(POLL_MS)
  }
  return false
}
