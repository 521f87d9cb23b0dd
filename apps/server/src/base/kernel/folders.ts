import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf } from './errors.ts'

/** In bytes: what a database needs to go on reading. One that runs out of space ends, and reads with it. */
const RESERVE = 128 * 1024 ** 2
/** Less than this, in bytes, is worth a warning. */
const MUCH_SPACE = 1024 ** 3

/** Makes the folder where it is missing. Says what is wrong with a path that cannot be one; `undefined` when it can be written. */
export function folderProblem(path: string): string | undefined {
  try {
    makeFolder(path)
    if (!statSync(path).isDirectory()) throw new Error('it is a file')
    // What the system says of rights is not enough: root may write anywhere, but /proc takes nothing.
    rmdirSync(mkdtempSync(join(path, '.try-')))
    return undefined
  } catch (error) {
    return `must be a folder that can be made and written: ${messageOf(error)}${helpFor(path, error)}`
  }
}

/** Root gives the files of a folder to another user, and copies belong to whoever made them. */
function helpFor(path: string, error: unknown): string {
  const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES'
  if (!isForbidden) return ''
  const uid = process.getuid?.() ?? 0
  return `; it must belong to the user who starts Parley (chown -R ${uid} '${path}')`
}

/** With all folders above it. Node's own way never ends where a file system refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o711 })
}

/** In bytes, for programs of ordinary users. */
function freeSpace(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

/** Whether there is more than the reserve, so that something may still be stored. */
export function hasReserve(path: string): boolean {
  return freeSpace(path) >= RESERVE
}

/** What an operator should know of the disk of a folder; nothing where there is much room. */
export function spaceWarnings(path: string): string[] {
  const free = freeSpace(path)
  if (free >= MUCH_SPACE) return []
  return [`The disk of ${path} has only ${Math.round(free / 1_048_576)} MB left`]
}
