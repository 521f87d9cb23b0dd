import { join } from 'node:path'
import { folderProblem } from '@parley/server/folders'

/** Worlds share what the sandbox has built: it takes seconds, and depends on nothing but Parley itself. */
const SHARED = join(import.meta.dirname, '../../../../node_modules/.cache/parley/sandbox')

/** Where a world keeps what the sandbox has built: beside Parley, or in its own data where that cannot be written. */
export function sandboxCache(dataDir: string): string {
  return folderProblem(SHARED) === undefined ? SHARED : join(dataDir, 'sandbox')
}
