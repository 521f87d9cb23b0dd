import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { flock, messageOf, type Monotonic } from '#base/kernel'
import { isEnding, isRunning } from './pids.ts'

const POLL_MS = 20
/** So long the kernel may take to end a process that was killed: until then it holds the lock. */
const PATIENCE_MS = 10_000
/** Of a process id with spaces behind it. */
const ID_LENGTH = 10

/**
 * Takes the folder for this process until it ends, however it ends: the kernel holds the lock as long as this process has the
 * file open. The program `flock` only sets it; where there is none, the process id in the file decides. Of a Parley that was
 * killed, the lock is waited for.
 * @throws an `Error` with one clear line when another Parley has it
 */
export async function takeLock(
  monotonic: Monotonic,
  path: string,
  folder: string,
  stopping?: AbortSignal,
): Promise<Disposable> {
  const giveUpAt = monotonic.now() + PATIENCE_MS
  const fd = open(path, folder)
  for (;;) {
    const holder = readFileSync(path, 'utf8').trim()
    if (isFree(fd, Number(holder))) break
    // One that does not run is gone since it was asked for, or has not written its id yet.
    const isGoing = isEnding(Number(holder)) || !isRunning(Number(holder))
    if (!isGoing || stopping?.aborted || monotonic.now() > giveUpAt) {
      closeSync(fd)
      throw new Error(
        `Cannot start: ${folder} is in use by another Parley (process ${holder || 'unknown'}): stop that one, or set PARLEY_DATA to another folder`,
      )
    }
    await monotonic.sleep(POLL_MS)
  }
  // Over the last one: to empty a file that was just written can take the disk 50 ms.
  writeSync(fd, `${process.pid}`.padEnd(ID_LENGTH) + '\n', 0)
  return { [Symbol.dispose]: () => closeSync(fd) }
}

function open(path: string, folder: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  } catch (cause) {
    throw new Error(`Cannot start: ${folder} cannot be taken: ${messageOf(cause)}`, { cause })
  }
}

function isFree(fd: number, holder: number): boolean {
  const { status, error } = flock(fd, '--nonblock')
  return error ? isEnding(holder) || !isRunning(holder) : status === 0
}
