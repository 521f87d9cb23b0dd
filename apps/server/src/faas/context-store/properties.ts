import { contextStore } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { ContextStoreDeps } from './deps.ts'
import { timeToLive } from './namespaces.ts'
import {
  BYTES_PER_ROW,
  listSessionIds,
  type Place,
  readLiveProperties,
  removeExpired,
  removeProperties,
  upsertProperties,
} from './repository.ts'

/** What has expired goes faster than it comes, and delays no write. */
const REMOVED_PER_WRITE = 100

export async function readProperties(
  { store, clock }: ContextStoreDeps,
  place: Place,
): Promise<contextStore.ContextProperties> {
  await timeToLive(store.db, place.accountId, place.namespace)
  const rows = await readLiveProperties(store.db, place, new Date(clock.now()))
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** Adds and replaces properties; the others stay. Writing a property restarts its time to live. */
export async function writeProperties(
  { store, clock, quota }: ContextStoreDeps,
  place: Place,
  properties: contextStore.ContextProperties,
): Promise<void> {
  const now = new Date(clock.now())
  const writtenBytes = bytesOf(place, properties)
  const checkQuota = await quota.open(place.accountId, { writtenBytes, now })
  await store.transaction(async (tx) => {
    const seconds = await timeToLive(tx, place.accountId, place.namespace, true)
    const expiresAt = seconds === null ? null : new Date(now.getTime() + seconds * 1000)
    await upsertProperties(tx, place, properties, expiresAt)
    await checkQuota(tx)
    await removeExpired(tx, place.accountId, { now, limit: REMOVED_PER_WRITE })
  })
}

/** At most, about: values are stored compressed. */
function bytesOf({ sessionId }: Place, properties: contextStore.ContextProperties): number {
  const each = BYTES_PER_ROW + Buffer.byteLength(sessionId)
  return Buffer.byteLength(JSON.stringify(properties)) + Object.keys(properties).length * each
}

export async function readProperty(
  { store, clock }: ContextStoreDeps,
  place: Place,
  name: string,
): Promise<unknown> {
  const [row] = await readLiveProperties(store.db, place, new Date(clock.now()), name)
  if (!row) throw missing(`property "${name}"`, place)
  return row.value
}

export async function deleteProperty(
  { store, clock, quota }: ContextStoreDeps,
  place: Place,
  name: string,
): Promise<void> {
  const wasThere = await removeProperties(store.db, place, new Date(clock.now()), name)
  quota.freed(place.accountId)
  if (!wasThere) throw missing(`property "${name}"`, place)
}

export async function deleteSession(
  { store, clock, quota }: ContextStoreDeps,
  place: Place,
): Promise<void> {
  const wasThere = await removeProperties(store.db, place, new Date(clock.now()))
  quota.freed(place.accountId)
  if (!wasThere) throw missing('session', place)
}

export async function listSessions(
  { store, clock }: ContextStoreDeps,
  place: Omit<Place, 'sessionId'>,
  after: string | undefined,
): Promise<string[]> {
  await timeToLive(store.db, place.accountId, place.namespace)
  const limit = contextStore.MAX_LISTED_SESSIONS
  return listSessionIds(store.db, place, { now: new Date(clock.now()), after, limit })
}

function missing(what: string, { namespace, sessionId }: Place): ParleyError {
  return new ParleyError(
    'not_found',
    `There is no ${what} in "${namespace}", session "${sessionId}"`,
  )
}
