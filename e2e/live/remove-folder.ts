import { rmSync } from 'node:fs'

/** With what processes that are just ending still write into it. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}
