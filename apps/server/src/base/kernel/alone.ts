import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemMonotonic } from './clock.ts'
import { flock } from './flock.ts'

const RETRY_MS = 25
/** Ten seconds: who holds the file for longer does not go on at all. */
const MAX_TRIES = 400

/**
 * Runs one work at a time of all that name this file, in this process and in others. Where there is no program `flock` they all run.
 * The file stays, and is empty.
 */
export async function alone<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true })
  const { sleep } = systemMonotonic()
  const fd = openSync(file, constants.O_RDONLY | constants.O_CREAT, 0o600)
  try {
    for (let tries = 0; tries < MAX_TRIES && isTaken(fd); tries += 1) await sleep(RETRY_MS)
    return await work()
  } finally {
    closeSync(fd)
  }
}

function isTaken(fd: number): boolean {
  return flock(fd, '-n', '-x').status === 1
}
