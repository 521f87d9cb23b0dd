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
  /** Another program has the id of the pid file by now: PostgreSQL would take it for a server of this cluster. */
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

/** Every server of a cluster has the cluster as its working folder, and no other process has. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name) === folder)
    .map(Number)
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (cause) {
    // It has ended meanwhile, or we may not look at it.
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
