import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Ids, messageOf } from '#base/kernel'
import type { Engine } from './engine.ts'
import { initdbOwner, type Owner } from './owner.ts'

const MAJOR_VERSION = '18'
const SUPERUSER = 'parley'
/** Modes of the cluster's folder with which PostgreSQL does not start. */
const OPEN_TO_OTHERS = 0o027

/** Without one of these PostgreSQL does not start, or starts without the data, and says so in words of its own. */
const PARTS = [
  'PG_VERSION',
  'base',
  'global/pg_control',
  'pg_wal',
  'pg_xact',
  // Empty while it is stopped: some programs that copy leave it out with all empty folders.
  'pg_notify',
  'postgresql.conf',
  'pg_hba.conf',
]

/** Of the folders in which clusters are set up. */
const DRAFT = '.new'

interface Making {
  owner: Owner
  isDurable: boolean
  /** Called when a process of its own sets it up. */
  onWait?: (() => void) | undefined
  stopping?: AbortSignal | undefined
}

export interface Cluster {
  path: string
  user: string
  password: string
}

/**
 * Whether a whole cluster is in this home.
 * @throws an `Error` with one clear line when it is another user's: whoever cannot look into it must not take it for none
 */
export function hasCluster(home: string): boolean {
  const path = join(home, 'cluster')
  const found = statSync(path, { throwIfNoEntry: false })
  const uid = process.getuid?.() ?? 0
  if (found && uid !== 0 && found.uid !== uid) {
    throw new Error(
      `Cannot start: the database in ${path} belongs to the user id ${found.uid}, and ${uid} starts Parley: let root give it to this user (chown -R ${uid} '${path}'), or start Parley as root`,
    )
  }
  return existsSync(join(path, 'PG_VERSION'))
}

/**
 * The cluster of this home, set up at the first start.
 * @throws an `Error` with one clear line when another version of PostgreSQL made it, or its password is not there
 */
export async function findCluster(
  ids: Ids,
  engine: Engine,
  { home, ...making }: { home: string } & Making,
): Promise<Cluster> {
  const path = join(home, 'cluster')
  const passwordFile = join(home, 'password')
  if (!hasCluster(home)) {
    refuseHalf(path)
    const password = ids.token(32)
    writeFileSync(passwordFile, password, { mode: 0o600, flush: true })
    await initialise(engine, { path, password, ...making })
  } else {
    const { uid, mode } = statSync(path)
    // A copy, such as a backup that is put back, often belongs to whoever made it.
    if (process.getuid?.() === 0 && uid !== making.owner.uid) handOver(path, making.owner)
    // Some volumes and copies open it to others, and PostgreSQL refuses that.
    if ((mode & OPEN_TO_OTHERS) !== 0) chmodSync(path, 0o700)
  }
  const version = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR_VERSION) {
    throw new Error(
      `Cannot start: ${path} was made by PostgreSQL ${version}, this Parley brings ${MAJOR_VERSION}`,
    )
  }
  refuseHalf(path)
  return { path, user: SUPERUSER, password: readPassword(passwordFile) }
}

/** A cluster gets its name when it is whole: half of one was copied so, and what is missing can still be put back beside its password. */
function refuseHalf(path: string): void {
  if (!existsSync(path) || readdirSync(path).length === 0) return
  const missing = PARTS.find((part) => !existsSync(join(path, part)))
  if (missing === undefined) return
  throw new Error(
    `Cannot start: ${path} is not whole, ${missing} is missing: put a whole copy there, with its empty folders, or remove the folder to have a new, empty database`,
  )
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(
      `Cannot start: the password of the database cannot be read (${messageOf(cause)}): a copy of the database needs this file, too`,
      { cause },
    )
  }
}

/** Sets the cluster up beside its place, so that one that was interrupted is never taken for whole. */
async function initialise(
  engine: Engine,
  {
    path,
    password,
    owner,
    isDurable,
    onWait,
    stopping,
  }: { path: string; password: string } & Making,
): Promise<void> {
  const maker = initdbOwner()
  removeDrafts(path)
  try {
    const draft = mkdtempSync(`${path}${DRAFT}-`)
    const passwordFile = `${draft}.password`
    writeFileSync(passwordFile, password, { mode: 0o600 })
    chownSync(draft, maker.uid, maker.gid)
    chownSync(passwordFile, maker.uid, maker.gid)
    const [command, ...args] = [
      ...maker.prefix,
      engine.bin('initdb'),
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      // Each connection repeats them, to slow whoever guesses: a random password of so many bits is not guessed. Others: `settings.ts`.
      '--set=scram_iterations=1',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
      isDurable ? '--sync-method=fsync' : '--no-sync',
    ]
    const made = promisify(execFile)(command, args, {
      env: engine.env,
      cwd: '/',
      signal: stopping,
      killSignal: 'SIGKILL',
    })
    onWait?.()
    await made
    handOver(draft, owner)
    renameSync(draft, path)
  } catch (cause) {
    const said =
      cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : messageOf(cause)
    const help = said.includes('could not look up effective user ID')
      ? '; give this user id a name in /etc/passwd, or let DATABASE_URL name a PostgreSQL of your own'
      : ''
    throw new Error(`Cannot start: PostgreSQL cannot be set up in ${path}: ${said}${help}`, {
      cause,
    })
  } finally {
    removeDrafts(path)
  }
}

/** Also those that were interrupted. Each has a name of its own: the program that sets one up may go on after a kill of its Parley. */
function removeDrafts(path: string): void {
  const folder = dirname(path)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}${DRAFT}`)) continue
    try {
      rmSync(join(folder, name), { recursive: true, force: true })
    } catch {
      // A program still writes there: the next time removes it.
    }
  }
}

function handOver(path: string, owner: Owner): void {
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(path, name), owner.uid, owner.gid)
  }
  lchownSync(path, owner.uid, owner.gid)
}
