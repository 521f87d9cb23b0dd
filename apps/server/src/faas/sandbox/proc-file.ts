import { closeSync, openSync, readSync } from 'node:fs'

/** Longer than what is read of any of these files. */
const room = Buffer.allocUnsafeSlow(16_384)

/**
 * A short file of `/proc`, as text: empty when the process is gone or the system has no `/proc`. Hundreds of them are read each second
 * beside many functions, and `readFileSync` takes half as long again, and 8 KB of new memory for each.
 */
export function readProcFile(path: string): string {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return room.toString('latin1', 0, readSync(file, room))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
