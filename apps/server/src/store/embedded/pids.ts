import { readFileSync, readlinkSync } from 'node:fs'
import { realpathSync } from 'node:fs'

/** Whether a process with this id lives and may be signalled or seen by us. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

/** The postmaster that serves `cluster`, if one lives. An id may have been given to a stranger since. */
export function findPostmaster(cluster: string): number | undefined {
  const pid = Number(readPidFile(cluster)[0])
  if (!isRunning(pid)) return undefined
  if (process.platform !== 'linux') return pid
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster) ? pid : undefined
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

/** Whether the postmaster with this id says that it takes connections. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

function readPidFile(cluster: string): string[] {
  try {
    return readFileSync(`${cluster}/postmaster.pid`, 'utf8').split('\n')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  }
}
