import { join } from 'node:path'
import { folderProblem } from '@parley/server/folders'

/** Worlds share what is built from sources: it takes seconds, and depends on nothing but Parley itself. */
const SHARED = join(import.meta.dirname, '../../../../node_modules/.cache/parley')

/** Where a world keeps what is built: beside Parley, or in its own data where that cannot be written. */
export function sharedCache(dataDir: string): string {
  return folderProblem(join(SHARED, 'sandbox')) === undefined ? SHARED : dataDir
}
