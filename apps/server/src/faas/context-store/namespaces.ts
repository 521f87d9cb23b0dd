import { contextStore } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { ContextStoreDeps } from './deps.ts'
import {
  countNamespaces,
  findNamespace,
  insertNamespace,
  listOwnNamespaces,
  removeNamespace,
} from './repository.ts'

const MAX_NAMESPACES = 1_000

export interface Namespace {
  name: string
  /** Milliseconds since the epoch; 0 for built-in namespaces. */
  createdAt: number
  ttlSecond?: number
}

export async function listNamespaces(
  { store }: ContextStoreDeps,
  accountId: string,
): Promise<Namespace[]> {
  const own = await listOwnNamespaces(store.db, accountId)
  return [
    ...contextStore.BUILT_IN_NAMESPACES.map((name) => ({ name, createdAt: 0 })),
    ...own.map(({ namespace, createdAt, ttlSeconds }) => ({
      name: namespace,
      createdAt: createdAt.getTime(),
      ...(ttlSeconds !== null && { ttlSecond: ttlSeconds }),
    })),
  ]
}

/** A namespace that exists stays as it is: functions make theirs each time that they run. */
export async function createNamespace(
  { store, clock }: ContextStoreDeps,
  accountId: string,
  { name, ttlSecond }: { name: string; ttlSecond: number | undefined },
): Promise<void> {
  if (contextStore.BUILT_IN_NAMESPACES.includes(name)) {
    throw new ParleyError('conflict', `Namespace "${name}" exists already`)
  }
  const row = { accountId, namespace: name, ttlSeconds: ttlSecond ?? null }
  await store.transaction(async (tx) => {
    await insertNamespace(tx, { ...row, createdAt: new Date(clock.now()) })
    if ((await countNamespaces(tx, accountId)) <= MAX_NAMESPACES) return
    throw new ParleyError(
      'context_store_full',
      `An account has at most ${MAX_NAMESPACES} namespaces`,
    )
  })
}

export async function deleteNamespace(
  { store, quota }: ContextStoreDeps,
  accountId: string,
  name: string,
): Promise<void> {
  if (contextStore.BUILT_IN_NAMESPACES.includes(name)) {
    throw new ParleyError('conflict', `Namespace "${name}" is built in and stays`)
  }
  const wasThere = await store.transaction((tx) => removeNamespace(tx, accountId, name))
  quota.freed(accountId)
  if (!wasThere) throw missing(name)
}

/**
 * Seconds that a property of this namespace lives; `null` for ever.
 * @param isWritten in the transaction of a write: what a deletion of the namespace does not see would outlive it
 * @throws `not_found`
 */
export async function timeToLive(
  db: Db,
  accountId: string,
  namespace: string,
  isWritten = false,
): Promise<number | null> {
  if (contextStore.BUILT_IN_NAMESPACES.includes(namespace)) return null
  const found = await findNamespace(db, accountId, namespace, isWritten)
  if (!found) throw missing(namespace)
  return found.ttlSeconds
}

function missing(name: string): ParleyError {
  return new ParleyError('not_found', `There is no namespace "${name}"`)
}
