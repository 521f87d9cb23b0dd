import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { flock } from './flock.ts'

const IN_USE = 'in-use'

/**
 * Makes a folder where it is missing, and keeps it from `takeUnused` of other processes until it is disposed or this process ends, however
 * it ends. Where there is no program `flock`, nothing is kept, and nothing is taken.
 */
export function holdFolder(folder: string): Disposable {
  for (;;) {
    const fd = openMark(folder)
    if (fd === undefined) continue
    flock(fd, '-s')
    // Another process may have taken the folder away before it was locked.
    const found = statSync(join(folder, IN_USE), { throwIfNoEntry: false })
    if (found?.ino === fstatSync(fd).ino) return held(fd)
    closeSync(fd)
  }
}

/** Disposed of again, it closes nothing: the number may be another file's by then. */
function held(fd: number): Disposable {
  let isOpen = true
  return {
    [Symbol.dispose]() {
      if (isOpen) closeSync(fd)
      isOpen = false
    },
  }
}

/** @returns `undefined` where another process has just taken the folder away */
function openMark(folder: string): number | undefined {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, IN_USE)
  const isNew = !existsSync(file)
  try {
    // Another user's, too: to lock it, it is enough to read it.
    const fd = openSync(file, constants.O_RDONLY | constants.O_CREAT, 0o644)
    if (isNew) fchmodSync(fd, 0o644)
    return fd
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Whether processes say of a folder that they use it: those of former versions do not. */
export function isHeldByUsers(folder: string): boolean {
  return existsSync(join(folder, IN_USE))
}

/** Moves a folder to another name, unless a process holds it, or another one was faster. From then on it is the caller's alone. */
export async function takeUnused(folder: string, to: string): Promise<boolean> {
  let fd: number | undefined
  try {
    fd = openSync(join(folder, IN_USE), constants.O_RDONLY)
    if (flock(fd, '-n', '-x').status !== 0) return false
    await rename(folder, to)
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
