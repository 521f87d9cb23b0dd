import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openLogger, randomIds, systemMonotonic } from '#base/kernel'
import { quickFolder, startEmbedded } from '#base/postgres'

/** What the folders of tests begin with. */
export const FOLDER_PREFIX = 'parley-test-'

/**
 * A PostgreSQL without syncs, in a folder that goes with it. All tests share one, unless they count what is read: while any test has a
 * transaction open that has changed something, rows that ended since are read again and again, in all databases.
 */
export async function startTestPostgres(): Promise<AsyncDisposable & { url: string }> {
  await using opened = new AsyncDisposableStack()
  const dir = mkdtempSync(join(quickFolder(), FOLDER_PREFIX))
  opened.defer(() => rmSync(dir, { recursive: true, force: true }))
  // As root, PostgreSQL runs under another user, which needs access to the folder.
  chmodSync(dir, 0o711)
  const logger = opened.use(openLogger('warn'))
  const deps = { logger, monotonic: systemMonotonic(), ids: randomIds() }
  const { url } = opened.use(await startEmbedded(deps, dir, { isDurable: false }))
  const resources = opened.move()
  return { url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
