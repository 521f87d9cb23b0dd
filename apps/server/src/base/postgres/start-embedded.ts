import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Ids, type Logger, type Monotonic, sayWhile, spaceWarnings } from '#base/kernel'
import { findCluster } from './cluster.ts'
import { findEngine, removeOtherEngines } from './engine.ts'
import { findHome, makeFolder, makeSocketDir, noteHome } from './home.ts'
import { takeLock } from './lock.ts'
import { serverOwner } from './owner.ts'
import { spareFullDisk } from './full-disk.ts'
import { keepSpareSegments } from './spare-segments.ts'
import {
  type Postmaster,
  type PostmasterDeps,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'

export interface EmbeddedPostgres extends AsyncDisposable {
  /** How to connect: over the Unix socket, with the password. */
  url: string
  /** The folder that its data is in. */
  home: string
}

/**
 * Starts the PostgreSQL that comes with Parley, and starts it again when it dies.
 * @throws an `Error` with one clear line when the folder cannot be used
 */
export async function startEmbedded(
  { logger, monotonic, ids }: { logger: Logger; monotonic: Monotonic; ids: Ids },
  dir: string,
  {
    isDurable = true,
    onWait,
    stopping,
  }: {
    /** Tests do without syncs of the disk. */
    isDurable?: boolean
    /** Called as soon as other processes do the work: until then this one has to do its part. */
    onWait?: () => void
    /** Ends the start at once. */
    stopping?: AbortSignal | undefined
  } = {},
): Promise<EmbeddedPostgres> {
  makeFolder(dir, 0o711)
  await using held = new AsyncDisposableStack()
  const taking = takeLock(monotonic, join(dir, 'lock'), dir, stopping)
  held.use(await sayWhile({ logger, monotonic }, `the former Parley to leave ${dir}`, taking))
  const owner = serverOwner()
  const home = findHome(dir, owner)
  if (home !== dir) {
    logger.warn(
      { wanted: dir, used: home },
      `PostgreSQL cannot reach ${dir}: its data is in ${home}`,
    )
    for (const warning of spaceWarnings(home)) logger.warn(warning)
  }
  const engine = findEngine(home, owner)
  const finding = findCluster(ids, engine, { home, owner, isDurable, onWait, stopping })
  const cluster = await sayWhile({ logger, monotonic }, `PostgreSQL to set up ${home}`, finding)
  noteHome(dir, home)
  const socketDir = makeSocketDir(home, owner)
  if (!socketDir.startsWith(home))
    held.defer(() => rmSync(socketDir, { recursive: true, force: true }))
  const deps = { logger, monotonic, engine, owner, cluster: cluster.path, socketDir, isDurable }
  const place = { home, cluster: cluster.path, owner }
  const watch = spareFullDisk(deps, place)
  const isUnwanted = () => stopping?.aborted === true
  const first = await startPostmaster(deps, { onLaunch: onWait, isUnwanted })
  const supervision = supervise(deps, first)
  held.use(watch(supervision.pid))
  removeOtherEngines(home, engine)
  if (isDurable) held.use(keepSpareSegments(deps, place))
  const lock = held.move()
  const query = new URLSearchParams({ host: socketDir })
  return {
    home,
    url: `postgresql://${cluster.user}:${encodeURIComponent(cluster.password)}@localhost/postgres?${query}`,
    async [Symbol.asyncDispose]() {
      await supervision.stop()
      await lock.disposeAsync()
    },
  }
}

function supervise(deps: PostmasterDeps, first: Postmaster) {
  let current: Postmaster | undefined = first
  let isStopping = false

  async function watch(): Promise<void> {
    while (current) {
      const lastWords = await current.ended
      current = undefined
      if (isStopping) return
      deps.logger.error({ lastWords }, 'PostgreSQL ended unexpectedly; starting it again')
      while (!current && !isStopping) {
        try {
          current = await startPostmaster(deps, { isUnwanted: () => isStopping })
        } catch (err) {
          if (isStopping) return
          deps.logger.error({ err }, 'PostgreSQL cannot be started again; trying further')
        }
      }
      // `stop` ends the server that was started last.
      if (isStopping) return
    }
  }

  const watching = watch()
  return {
    pid: () => current?.pid,
    async stop() {
      isStopping = true
      if (current) await stopPostmaster(deps, current.pid)
      await watching
      if (current) await stopPostmaster(deps, current.pid)
    },
  }
}
