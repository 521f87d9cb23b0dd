import type pg from 'pg'
import type { Logger, Monotonic } from '#base/kernel'

/**
 * The advisory lock of the nodes of a database ("PRLN"). Each holds it shared, on the connection by which it hears the others; the only one
 * also holds it for itself, and need not notify anybody.
 */
const LOCK = [1_347_570_766, 0]
/** How long the only node may take to let another one in. */
const PATIENCE_MS = 5_000
const ASK_AGAIN_MS = 20
/** A node of an earlier version takes no lock. It says every five seconds that it is there. */
const SILENT = '20 seconds'

/**
 * Resolves when this node is one of those that are notified: the only one until now has then committed what it told nobody.
 * @param ask asks that one to let this node in
 */
export async function joinNodes(
  client: pg.Client,
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  ask: () => Promise<unknown>,
): Promise<void> {
  const since = monotonic.now()
  while (!(await isTaken(client, 'pg_try_advisory_lock_shared'))) {
    if (monotonic.now() - since < PATIENCE_MS) await ask()
    else if (await endHolder(client)) {
      logger.warn('Another node did not answer: its connection to the database was ended')
    }
    await monotonic.sleep(ASK_AGAIN_MS)
  }
}

/** Whether this node, which has joined, is the only one now. It is until it lets others in, or its connection ends. */
export async function takeAlone(client: pg.Client): Promise<boolean> {
  return await isTaken(client, 'pg_try_advisory_lock')
}

/** Lets others in. From now on they must be notified. */
export async function letOthersIn(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', LOCK)
}

/** Whether other nodes say that they are there. */
export async function hasOthers(client: pg.Client, nodeId: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select exists (select from node
      where node_id <> $1 and seen_at > clock_timestamp() - $2::interval) as found`,
    [nodeId, SILENT],
  )
  return rows[0]?.found === true
}

async function isTaken(
  client: pg.Client,
  lock: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`select ${lock}($1, $2) as taken`, LOCK)
  return rows[0]?.taken === true
}

/** Ends the connection of a node that hangs, or whose machine is gone. It notices when it is back, and lets all read again. */
async function endHolder(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and classid = $1 and objid = $2 and objsubid = 2 and mode = 'ExclusiveLock' and granted
        and database = (select oid from pg_database where datname = current_database())`,
    LOCK,
  )
  return rowCount !== 0
}
