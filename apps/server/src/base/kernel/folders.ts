import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf } from './errors.ts'

/** Makes the folder where it is missing. Says what is wrong with a path that cannot be one; `undefined` when it can be written. */
export function folderProblem(path: string): string | undefined {
  try {
    makeFolder(path)
    if (!statSync(path).isDirectory()) throw new Error('it is a file')
    // What the system says of rights is not enough: root may write anywhere, but /proc takes nothing.
    rmdirSync(mkdtempSync(join(path, '.try-')))
    return undefined
  } catch (error) {
    return `must be a folder that can be made and written: ${messageOf(error)}`
  }
}

/** With all folders above it. Node's own way never ends where a file system refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o711 })
}
