import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openLogger, randomIds, systemClock, systemMonotonic, virtualClock } from '#base/kernel'
import { quickFolder } from '#base/postgres'
import { openStore } from '#base/store'
import { makeDays } from '#faas/records'
import { markInstalled } from '#server/sample-function'
import { findBuilt, SERVER, WORLD } from '../src/find-built.ts'
import { prepareCertificates, START_AT } from './prepare-certificates.ts'
import { FOLDER_PREFIX, startTestPostgres } from './test-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database with the whole schema and nothing else, to be cloned. */
    templateUrl: string
  }
}

const ROOT = join(import.meta.dirname, '../../..')

/** One embedded PostgreSQL for the whole run, without syncs; every test file clones its database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Once, instead of by each of the tests that start a server as `npm start` or `parley test` does, at the same time.
  for (const program of [SERVER, WORLD]) await findBuilt(ROOT, program)
  await prepareCertificates()
  await using opened = new AsyncDisposableStack()
  removeLeftovers(quickFolder())
  const postgres = opened.use(await startTestPostgres())
  const logger = opened.use(openLogger('warn'))
  const deps = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  // Opening a store is what brings a schema up to date.
  {
    await using store = await openStore(deps, { kind: 'given', url: postgres.url })
    // Half of what a server's first start costs: the tables of each day, and a sample that few tests call.
    await makeDays({ store, clock: virtualClock(START_AT) })
    await markInstalled(store.db, '')
  }
  await closeToAll(postgres.url)
  project.provide('templateUrl', postgres.url)
  const resources = opened.move()
  return () => resources.disposeAsync()
}

/** Nobody can connect to the database that is cloned: whoever did would keep all other tests from cloning it. */
async function closeToAll(url: string): Promise<void> {
  const besides = new URL(url)
  const name = besides.pathname.slice(1)
  besides.pathname = '/template1'
  const client = new pg.Client(besides.href)
  await client.connect()
  await client.query(`alter database ${name} allow_connections false`)
  await client.end()
}

/** Left by test runs that were killed: nothing else frees that memory. */
function removeLeftovers(parent: string): void {
  for (const lock of globSync(`${FOLDER_PREFIX}*/lock`, { cwd: parent })) {
    const path = join(parent, lock)
    if (!isAlive(Number(readFileSync(path, 'utf8')))) {
      rmSync(join(path, '..'), { recursive: true, force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
