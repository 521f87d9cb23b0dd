import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, type Session } from '@parley/client'
import { listFunctions, undeployFunction } from '@parley/contract'
import pg from 'pg'
import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { openFilling } from '../../apps/server/testing/fill-database.ts'
import { makeExamples } from '../../apps/server/testing/fill-examples.ts'
import { FirstRun, newDataDir, startParley } from '../live/parley.ts'
import { removeFolder } from '../live/remove-folder.ts'
import { serverFolder } from '../live/server-folder.ts'

const root = join(import.meta.dirname, '..', '..')
/** What the content of a filled base follows from. */
const SOURCES = ['bulk-load', 'fill-database', 'fill-examples'].map(
  (name) => `apps/server/testing/${name}.ts`,
)
const MIGRATIONS = 'apps/server/src/**/migrations/*.ts'
/** Where filled bases are kept, in the folder of temporary files, and how long without being used. */
const KEPT = 'parley-filled-'
const KEPT_MS = 3 * 86_400_000
/** Of all conversations. */
const OPEN = 0.04
const MAX_OPEN = 40_000
const WAITING = 0.0005
/** A longer history is not a denser one, until it is longer than this. */
const PER_DAY = 500
const MAX_DAYS = 1_000

/** What suites of faults begin with. */
export const BASE = 200_000

/** Fills the database of a data directory, or the given one, on which no node runs. */
export async function fill(
  where: { dataDir: string; url?: string | undefined },
  conversations: number,
  progress: (made: number) => void = () => undefined,
): Promise<FirstRun> {
  const { dataDir, url } = where
  const env = url === undefined ? {} : { DATABASE_URL: url }
  let firstRun: FirstRun
  let examples: Awaited<ReturnType<typeof makeExamples>>
  {
    await using parley = await startParley({ dataDir, env })
    firstRun = parley.firstRun
    examples = await makeExamples(parley.endpoint, firstRun)
  }
  await using opened = new AsyncDisposableStack()
  const database = url ?? opened.use(await startFolder(dataDir)).url
  const client = new pg.Client(database)
  await client.connect()
  opened.defer(() => client.end())
  // Less of the log is copied with a folder.
  if (url === undefined) await setMaxWal(client, '64MB')
  const filling = await openFilling(client, {
    accountId: firstRun.accountId,
    open: Math.min(Math.round(conversations * OPEN), MAX_OPEN),
    waiting: Math.round(conversations * WAITING),
    perDay: Math.max(PER_DAY, Math.ceil(conversations / MAX_DAYS)),
    now: Date.now(),
    examples,
    isAlone: true,
  })
  await filling.fill(conversations, progress)
  if (url === undefined) await setMaxWal(client, undefined)
  return firstRun
}

async function setMaxWal(client: pg.Client, size: string | undefined): Promise<void> {
  const change = size === undefined ? 'reset max_wal_size' : `set max_wal_size = '${size}'`
  await client.query('checkpoint')
  await client.query(`alter system ${change}`)
  await client.query('select pg_reload_conf()')
}

/** The embedded PostgreSQL of a data directory, without syncs. */
async function startFolder(dataDir: string): Promise<AsyncDisposable & { url: string }> {
  await using opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('silent'))
  const deps = { logger, monotonic: systemMonotonic(), ids: randomIds() }
  const { url } = opened.use(
    await startEmbedded(deps, join(dataDir, 'postgres'), { isDurable: false }),
  )
  const resources = opened.move()
  return { url, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/**
 * A new data directory with a filled database; whoever gets it removes it.
 * @param copy a folder to use, which must be empty
 */
export async function filledDataDir(
  conversations: number,
  copy: string = newDataDir(),
): Promise<string> {
  const kept = await keptBase(conversations)
  execFileSync('cp', ['-a', '--reflink=auto', `${kept}/.`, copy])
  return copy
}

/** What `filledDataDir` copies: made once for this code, it stays in the folder of temporary files. */
export async function keptBase(conversations: number): Promise<string> {
  const kept = join(tmpdir(), `${KEPT}${conversations}-${sourcesHash()}`)
  removeForgotten()
  if (!existsSync(kept)) {
    const dataDir = newDataDir()
    const startedAt = performance.now()
    await fill({ dataDir }, conversations)
    try {
      renameSync(dataDir, kept)
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      console.log(`A base of ${conversations} conversations was made in ${seconds} s: ${kept}`)
    } catch (error) {
      // Another run has made it meanwhile.
      if (!existsSync(kept)) throw error
      removeFolder(dataDir)
    }
  }
  const now = new Date()
  utimesSync(kept, now, now)
  return kept
}

/** How to log in to a filled base, and what other nodes on its database are given. */
export function readBase(dataDir: string): { firstRun: FirstRun; secretsKey: string } {
  const read = (name: string) => readFileSync(join(dataDir, name), 'utf8').trim()
  return {
    firstRun: FirstRun.parse(JSON.parse(read('first-run.json'))),
    secretsKey: read('secrets.key'),
  }
}

/** The function that has left the records of a filled base runs no longer: a suite brings its own for this event. */
export async function undeployExample(admin: Session): Promise<void> {
  const query = { eventId: 'controllerbot_messaging_new_conversation' }
  const { functions } = await call(admin, listFunctions, { query })
  for (const { functionId } of functions) {
    await call(admin, undeployFunction, { params: { functionId } })
  }
}

/** Bases that nobody has used for days: of code that is no more. */
function removeForgotten(): void {
  for (const name of globSync(`${KEPT}*`, { cwd: tmpdir() })) {
    const folder = join(tmpdir(), name)
    if (Date.now() - statSync(folder).mtimeMs > KEPT_MS) removeFolder(folder)
  }
}

function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) hash.update(readFileSync(join(root, source)))
  for (const name of globSync(MIGRATIONS, { cwd: serverFolder }).sort()) {
    hash.update(name).update(readFileSync(join(serverFolder, name)))
  }
  return hash.digest('hex').slice(0, 12)
}
