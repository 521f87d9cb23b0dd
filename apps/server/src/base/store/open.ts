import { sayWhile } from '#base/kernel'
import { type EmbeddedPostgres, startEmbedded } from '#base/postgres'
import type { Base } from './base.ts'
import { checkDatabase, warningsOf } from './check-database.ts'
import { MAINTENANCE, openConnector, SERVING } from './connect.ts'
import { openDb } from './db.ts'
import { watchDisk } from './disk.ts'
import { COMMIT_CONNECTIONS, forgetOldConnections, openGroupCommit } from './group-commit.ts'
import { buildIndexes } from './indexes.ts'
import { endProcedureUse, installProcedures } from './install-procedures.ts'
import { migrate } from './migrate.ts'
import { openNotifications } from './notifications.ts'
import { openPool } from './pool.ts'
import { procedures, type Procedures } from './procedures/index.ts'
import type { Store } from './store.ts'
import { openSuspensions } from './suspensions.ts'
import { openTransactions } from './transaction.ts'
import { watchDatabase } from './watch.ts'

/** All that the listening connection carries is short. */
const LISTENER_TIMEOUT_MS = 5_000
const MAINTENANCE_POOL_SIZE = 2
/** Those that commit, those of maintenance, the listening one, and the one that pings. The others serve requests. */
const CONNECTIONS_WITH_JOBS = COMMIT_CONNECTIONS + MAINTENANCE_POOL_SIZE + 2
const DEFAULT_CONNECTIONS = 17
/** How often a node says that it uses its procedures; see `installProcedures`. */
const PROCEDURES_MS = 10 * 60_000

export type StoreDeps = Pick<Base, 'clock' | 'monotonic' | 'ids' | 'logger'>

/** As `config.db` says it, with the connections to the database that this node may use in all. */
export type StoreSettings = {
  connections?: number
  /** Breaks what the start waits for in the database. */
  stopping?: AbortSignal | undefined
} & (
  | { kind: 'given'; url: string }
  /** `started`: by whoever opens the store, and ends it, too. */
  | { kind: 'embedded'; dir: string; started?: Promise<EmbeddedPostgres> | undefined }
)

/**
 * Opens the database, starting it when it is the embedded one, and brings its schema up to date.
 * @param own the stored procedures of this node, which a test replaces
 * @throws an `Error` with one clear line when it cannot be used
 */
export async function openStore(
  deps: StoreDeps,
  settings: StoreSettings,
  own: Procedures = procedures,
): Promise<Store> {
  await using opened = new AsyncDisposableStack()
  const { clock, ids, logger, monotonic } = deps
  const { url, home } =
    settings.kind === 'given'
      ? { url: settings.url, home: undefined }
      : await (settings.started ?? opened.use(await startEmbedded(deps, settings.dir)))
  const disk = opened.use(watchDisk(deps, home))
  // The embedded one is of the version that comes along, and ready.
  const connector = openConnector(logger, url, settings.stopping)
  if (settings.kind === 'given') await checkDatabase(deps, connector)
  const pooled = { connector, monotonic, disk }
  const { connections = DEFAULT_CONNECTIONS } = settings
  const size = connections - CONNECTIONS_WITH_JOBS
  const pool = openPool(pooled, { size, limits: SERVING })
  const db = openDb(pool)
  opened.defer(() => db.destroy())
  const maintenance = openDb(openPool(pooled, { size: MAINTENANCE_POOL_SIZE, limits: MAINTENANCE }))
  opened.defer(() => maintenance.destroy())
  await migrate(deps, db, (name) => openDb(openPool(pooled, { size: 2, name })))
  await sayWhile(deps, 'indexes that a new version needs', buildIndexes(maintenance, logger))
  await forgetOldConnections(db)

  const nodeId = ids.uuid()
  const isExclusive = settings.kind === 'embedded'
  const install = () => installProcedures(db, { nodeId, isExclusive }, own)
  await install()
  opened.defer(() =>
    endProcedureUse(db, nodeId).catch((err: unknown) =>
      logger.debug({ err }, 'The procedures of this node stay for a day'),
    ),
  )
  opened.use(
    monotonic.every(PROCEDURES_MS, () => {
      install().catch((err: unknown) => logger.warn({ err }, 'Installing procedures failed'))
      buildIndexes(maintenance, logger).catch((err: unknown) =>
        logger.warn({ err }, 'Building indexes failed'),
      )
    }),
  )

  const warnings = settings.kind === 'given' ? await warningsOf(db, connections) : []
  for (const warning of warnings) logger.warn(warning)
  const watch = opened.use(watchDatabase({ connector, clock, logger, monotonic }))
  const groupCommit = opened.use(
    openGroupCommit({
      ...deps,
      connect: () => connector.connect(),
      nodeId,
      disk,
      applyOperations: own.applyOperations.name,
      installProcedures: install,
    }),
  )
  const transactions = openTransactions({
    db,
    clock,
    monotonic,
    enqueueRows: own.enqueueRows.name,
  })
  const notifications = opened.use(
    await openNotifications({
      ...deps,
      connect: () => connector.connect({ queryTimeoutMs: LISTENER_TIMEOUT_MS }),
      nodeId,
      isExclusive,
    }),
  )
  const suspensions = opened.use(await openSuspensions({ db, notifications, logger }))
  const resources = opened.move()
  return {
    db,
    maintenance,
    nodeId,
    procedures: own,
    isExclusive,
    connections,
    suspensions,
    isAnswering: watch.isAnswering,
    isFull: disk.isFull,
    clockSkewMs: watch.clockSkewMs,
    commit: groupCommit.commit,
    waitingMs: () =>
      watch.isAnswering() ? Math.max(groupCommit.waitingMs(), pool.waitingMs()) : 0,
    async transaction(work) {
      disk.requireRoom()
      return await transactions.transaction(work)
    },
    enqueue: transactions.enqueue,
    notify: notifications.notify,
    onNotify: notifications.onNotify,
    onResync: notifications.onResync,
    resyncAll: notifications.resyncAll,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
