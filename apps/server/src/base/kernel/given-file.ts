import { readFileSync, type Stats, statSync } from 'node:fs'

/** Far above every source and payload. */
const MAX_BYTES = 10_485_760

/**
 * The text of a file that a user has named. Devices and pipes have no end, or wait for somebody to write.
 * @throws an `Error` that names the file, and why it is not read
 */
export function readGivenFile(path: string): string {
  const found = statSync(path)
  // A shell's own pipe has somebody who writes: `@/dev/stdin`, `@<(command)`.
  if (found.isFIFO() && path.startsWith('/dev/')) return withoutMark(readFileSync(path, 'utf8'))
  if (!found.isFile()) throw new Error(`${path}: must be a file, it is a ${kindOf(found)}`)
  if (found.size > MAX_BYTES) {
    throw new Error(`${path}: must have at most ${MAX_BYTES} bytes, it has ${found.size}`)
  }
  return withoutMark(readFileSync(path, 'utf8'))
}

/** Editors of Windows begin a file with a byte order mark, which nobody sees and JSON does not have (RFC 8259 8.1). */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder'
  return found.isFIFO() ? 'pipe' : found.isSocket() ? 'socket' : 'device'
}
