import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import { startEmbedded } from '#base/postgres'
import { connect } from './connect.ts'
import { type Db, openDb } from './db.ts'
import { isConflict } from './failures.ts'
import { openPool } from './pool.ts'
import { makeFirstContact } from './first-contact.ts'
import { forgetOldLanes, openGroupCommit } from './group-commit.ts'
import { migrate } from './migrate.ts'
import { type Notifications, openNotifications } from './notifications.ts'
import type { CommitOperation, CommitOutcome } from './operations.ts'

const TRANSACTION_TRIES = 5

export interface StoreDeps {
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

/** As `config.db` says it. */
export type StoreSettings = { kind: 'given'; url: string } | { kind: 'embedded'; dir: string }

export interface Store
  extends AsyncDisposable, Pick<Notifications, 'notify' | 'onNotify' | 'onResync' | 'resyncAll'> {
  readonly db: Db
  /** This run of this node: what leases are written to. */
  readonly nodeId: string
  /** Nobody else uses this database: leases that are found at start are void. */
  readonly isExclusive: boolean
  /** Applies the operation with everything else that is ready, in one durable commit. */
  commit(operation: CommitOperation): Promise<CommitOutcome>
  /** A plain transaction, run again when it met another one. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>
}

/**
 * Opens the database, starting it when it is the embedded one, and brings its schema up to date.
 * @throws an `Error` with one clear line when it cannot be used
 */
export async function openStore(deps: StoreDeps, settings: StoreSettings): Promise<Store> {
  await using opened = new AsyncDisposableStack()
  const { logger } = deps
  const { url } =
    settings.kind === 'given' ? settings : opened.use(await startEmbedded(deps, settings.dir))
  await makeFirstContact(deps.monotonic, url)
  const db = openDb(openPool(deps, url))
  opened.defer(() => db.destroy())
  await migrate(db)
  await forgetOldLanes(db)

  const nodeId = deps.ids.uuid()
  const own = () => connect(logger, url)
  const groupCommit = opened.use(openGroupCommit({ ...deps, connect: own, nodeId }))
  const isExclusive = settings.kind === 'embedded'
  const notifications = opened.use(
    await openNotifications({ ...deps, connect: own, isAlone: isExclusive }),
  )
  const resources = opened.move()
  return {
    db,
    nodeId,
    isExclusive,
    commit: groupCommit.commit,
    transaction: (work) => inTransaction(db, work),
    notify: notifications.notify,
    onNotify: notifications.onNotify,
    onResync: notifications.onResync,
    resyncAll: notifications.resyncAll,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (cause) {
      if (!isConflict(cause) || attempt === TRANSACTION_TRIES) throw cause
    }
  }
}
