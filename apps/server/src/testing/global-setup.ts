import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#kernel'
import { openStore, startEmbedded } from '#store'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database with the whole schema and nothing else, to be cloned. */
    templateUrl: string
  }
}

/** One embedded PostgreSQL for the whole run, without syncs; every test file clones its database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'parley-test-'))
  // As root, PostgreSQL runs under another user, which has to walk through.
  chmodSync(dir, 0o711)
  const logger = openLogger('warn')
  const deps = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const postgres = await startEmbedded(deps, dir, { isDurable: false })
  // Opening a store is what brings a schema up to date.
  await (await openStore(deps, { kind: 'given', url: postgres.url }))[Symbol.asyncDispose]()
  project.provide('templateUrl', postgres.url)
  return async () => {
    await postgres[Symbol.asyncDispose]()
    await logger[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  }
}
