import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { quickFolder } from '#base/postgres'

/** A data folder that is gone after the test. Not below the system's own, which may be too long for a socket's path. */
export function aFolder(name = 'data'): Disposable & { dir: string } {
  const parent = mkdtempSync(join(quickFolder(), 'parley-store-'))
  chmodSync(parent, 0o755)
  return {
    dir: join(parent, name),
    [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }),
  }
}
