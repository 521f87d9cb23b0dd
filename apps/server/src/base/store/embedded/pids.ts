import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a process with this id lives. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
}

/** Whether the postmaster with this id says that it takes connections. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/** Who left a cluster without cleaning up after itself. */
export interface Leftover {
  /** The postmaster, if it still lives. */
  postmaster: number | undefined
  /** Its servers, which may outlive it for a moment. */
  servers: number[]
  /** The id in the pid file was given to a stranger since: PostgreSQL would take that for a server of this cluster. */
  isMistakable: boolean
}

export function findLeftover(cluster: string): Leftover {
  const pid = Number(readPidFile(cluster)[0])
  if (!existsSync(join(cluster, 'postmaster.pid'))) {
    return { postmaster: undefined, servers: [], isMistakable: false }
  }
  const servers = process.platform === 'linux' ? processesIn(realpathSync(cluster)) : []
  const isOurs =
    servers.includes(pid) || (process.platform !== 'linux' && isPostmaster(pid, cluster))
  return {
    postmaster: isOurs ? pid : undefined,
    servers: servers.filter((server) => server !== pid),
    isMistakable: isRunning(pid) && !isOurs,
  }
}

/** Every server of a cluster works in its folder, and nobody else does. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name) === folder)
    .map(Number)
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (cause) {
    // It has ended meanwhile, or it is not ours to look at.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(cause))) return undefined
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
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw cause
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
