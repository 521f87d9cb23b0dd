import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a process with this id lives. One that has ended, and that its parent has not asked for, does not. */
export function isRunning(pid: number): boolean {
  return exists(pid) && !ENDED.has(stateOf(pid)?.state ?? '')
}

/** Whether the kernel is just ending a process: it runs no code of its own any more, and may still hold files, locks and ports. */
export function isEnding(pid: number): boolean {
  const found = exists(pid) ? stateOf(pid) : undefined
  return found !== undefined && (found.isKilled || found.isExiting)
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (cause) {
    if (codeOf(cause) !== 'ESRCH') throw cause
  }
}

function exists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
}

/** States of /proc in which nothing but an exit code is left of a process. */
const ENDED = new Set(['Z', 'X'])
const EXITING_FLAG = 0x4
const KILL_BIT = 1n << 8n

/** What Linux says of a process; `undefined` where there is no /proc, or the process is gone. */
function stateOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // After the name, which may contain anything: state, parent, group, session, terminal, its group, flags.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0] ?? ''
    const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)/gm)]
    return {
      state,
      isExiting: ENDED.has(state) || (Number(fields[6]) & EXITING_FLAG) !== 0,
      isKilled: pending.some(([, mask]) => (BigInt(`0x${mask}`) & KILL_BIT) !== 0n),
    }
  } catch (cause) {
    if (isOutOfSight(cause)) return undefined
    throw cause
  }
}

/** Whether the postmaster with this id has taken the cluster. From then on it takes its pid file away when it is asked to end. */
export function hasTaken(cluster: string, pid: number): boolean {
  return Number(readPidFile(cluster)[0]) === pid
}

/** Whether the postmaster with this id says that it accepts connections. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/** What an earlier run left of a cluster that it did not stop. */
export interface Leftover {
  /** The postmaster, if it still lives. */
  postmaster: number | undefined
  /** Its servers, which may outlive it for a moment. */
  servers: number[]
  /** A process that is no server of this cluster has the id of the pid file: PostgreSQL would take it for one. */
  isMistakable: boolean
  /** The process of the pid file is about to be gone. */
  isEnding: boolean
}

const NOTHING: Leftover = {
  postmaster: undefined,
  servers: [],
  isMistakable: false,
  isEnding: false,
}

export function findLeftover(cluster: string): Leftover {
  const pid = Number(readPidFile(cluster)[0])
  if (!existsSync(join(cluster, 'postmaster.pid'))) return NOTHING
  const servers = serversOf(cluster)
  const isOurs = isServer(pid, cluster, servers)
  return {
    postmaster: isOurs ? pid : undefined,
    servers: servers.filter((server) => server !== pid),
    isMistakable: exists(pid) && !isOurs,
    isEnding: isRunning(pid) && isEnding(pid),
  }
}

/**
 * Whether the file beside the socket, by which PostgreSQL sees that the socket is in use, names a process that is no server of this
 * cluster: after a kill of a container, or where it is a copy, any program can have that id.
 */
export function isSocketLockMistakable(socketLock: string, cluster: string): boolean {
  const pid = Number(linesOf(socketLock)[0])
  return exists(pid) && !isServer(pid, cluster, serversOf(cluster))
}

function isServer(pid: number, cluster: string, servers: readonly number[]): boolean {
  return process.platform === 'linux' ? servers.includes(pid) : isPostmaster(pid, cluster)
}

/** Nothing where there is no /proc. */
function serversOf(cluster: string): number[] {
  return process.platform === 'linux' ? processesIn(realpathSync(cluster)) : []
}

/** Every server of a cluster has the cluster as its working folder, and no other process has. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name) === folder)
    .map(Number)
}

/** Ends what vacuums the tables of a cluster by itself. Where there is no /proc, it goes on to its end. */
export function endVacuum(cluster: string): void {
  for (const pid of serversOf(cluster)) {
    if (titleOf(pid).startsWith('postgres: autovacuum worker')) signal(pid, 'SIGTERM')
  }
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch (cause) {
    if (isOutOfSight(cause)) return ''
    throw cause
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (cause) {
    if (isOutOfSight(cause)) return undefined
    throw cause
  }
}

function isPostmaster(pid: number, cluster: string): boolean {
  if (!isRunning(pid)) return false
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
  }).stdout.includes(cluster)
}

function readPidFile(cluster: string): string[] {
  return linesOf(join(cluster, 'postmaster.pid'))
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw cause
  }
}

/** The process has ended meanwhile, or we may not look at it. */
function isOutOfSight(cause: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(cause))
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
