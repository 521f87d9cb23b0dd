import { spawnSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { isRunning } from './pids.ts'

/**
 * Takes the folder for this process until it ends, however it ends: the kernel holds the lock as long as this process has the
 * file open. The program `flock` only sets it; where there is none, the process id in the file decides.
 * @throws an `Error` with one clear line when another Parley has it
 */
export function takeLock(path: string, folder: string): Disposable {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  const holder = readFileSync(path, 'utf8').trim()
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  })
  const isTaken = error ? isRunning(Number(holder)) : status !== 0
  if (isTaken) {
    closeSync(fd)
    throw new Error(
      `Cannot start: ${folder} is in use by another Parley (process ${holder || 'unknown'})`,
    )
  }
  ftruncateSync(fd)
  writeSync(fd, `${process.pid}\n`, 0)
  return { [Symbol.dispose]: () => closeSync(fd) }
}
