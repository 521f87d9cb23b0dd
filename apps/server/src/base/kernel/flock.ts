import { spawnSync } from 'node:child_process'

/**
 * Asks the program `flock` for a lock on an open file, which lasts until that is closed or the process ends.
 * @returns `status` 0 when it was got, 1 when another one has it; `error` where there is no such program
 */
export function flock(fd: number, ...how: string[]): { status: number | null; error?: Error } {
  return spawnSync('flock', [...how, '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
}
