import { boundedMap, declareBound } from '#base/bounds'
import { openSecretMask, type SecretMask } from '#base/kit'
import { limitsOf } from './limits-of.ts'
import {
  isProvisioned,
  openValue,
  provisionSecrets,
  type SecretDeps,
  sealedChange,
  secretNotFound,
} from './secrets.ts'
import { findSecret, findSecrets, replaceSecretValue, touchSecret } from './repository.ts'
import { requireUpdatable, updatedEntry } from './updated-secret.ts'

const USED = declareBound({
  kind: 'map',
  holds: 'functions whose secrets are known by name, to see whether one was deleted',
  limit: 20_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, until it reads a secret again',
})

/** Secrets as functions use them. */
export interface SecretReader {
  read(
    accountId: string,
    functionId: string,
    name: string,
  ): Promise<{ key: string; value: unknown }>
  /** The same, for a replay: nothing notes that the secret was used. */
  peek(accountId: string, name: string): Promise<{ key: string; value: unknown }>
  /** The last update wins. */
  update(
    accountId: string,
    functionId: string,
    name: string,
    value: unknown,
  ): Promise<{ key: string; value: unknown }>
  /** The secrets that the function has read or updated on this node, as they are now. */
  usedBy(accountId: string, functionId: string): Promise<{ key: string; value: unknown }[]>
  /** Those of these names that no secret has. */
  missing(accountId: string, names: readonly string[]): Promise<string[]>
  /** Masks what functions of this node have read or updated. */
  maskOf(accountId: string): SecretMask
}

export function openSecretReader(deps: SecretDeps): SecretReader {
  const masks = new Map<string, SecretMask>()
  const noSecrets = openSecretMask()

  function remember(accountId: string, value: unknown): void {
    const mask = masks.get(accountId) ?? openSecretMask()
    masks.set(accountId, mask)
    mask.add(value)
  }

  function open(accountId: string, row: Parameters<typeof openValue>[1]): unknown {
    const value = openValue(deps, row)
    remember(accountId, value)
    return value
  }

  const used = boundedMap<string, Set<string>>(USED)

  function note(accountId: string, functionId: string, name: string): void {
    const key = `${accountId} ${functionId}`
    const names = used.get(key) ?? new Set()
    used.set(key, names.add(name))
  }

  const reader: SecretReader = {
    async peek(accountId, name) {
      const row = await findSecret(deps.store.db, accountId, name)
      if (!row) throw secretNotFound(name)
      return { key: name, value: open(accountId, row) }
    },
    async read(accountId, functionId, name) {
      const { db } = deps.store
      if (isProvisioned(name)) await provisionSecrets(deps, accountId)
      const row = await findSecret(db, accountId, name)
      if (!row) throw secretNotFound(name)
      const value = open(accountId, row)
      await touchSecret(db, row, new Date(deps.clock.now()))
      note(accountId, functionId, name)
      return { key: name, value }
    },
    async update(accountId, functionId, name, value) {
      requireUpdatable(name, value, (await limitsOf(deps, accountId)).secretValueCharacters)
      remember(accountId, value)
      const { db } = deps.store
      const type = (await findSecret(db, accountId, name))?.type
      if (type === undefined) throw secretNotFound(name)
      const entry = updatedEntry(type, value)
      const change = sealedChange(deps, accountId, functionId, name, entry)
      if (!(await replaceSecretValue(db, { accountId, name }, change))) throw secretNotFound(name)
      note(accountId, functionId, name)
      return { key: name, value: entry.value }
    },
    async usedBy(accountId, functionId) {
      const names = used.get(`${accountId} ${functionId}`) ?? []
      const { db } = deps.store
      const entries = [...names].map(async (name) => {
        const isThere = await findSecret(db, accountId, name)
        return isThere ? [await reader.read(accountId, functionId, name)] : []
      })
      return (await Promise.all(entries)).flat()
    },
    async missing(accountId, names) {
      if (names.length === 0) return []
      const rows = await findSecrets(deps.store.db, accountId)
      const there = new Set(rows.map(({ name }) => name))
      return names.filter((name) => !there.has(name) && !isProvisioned(name))
    },
    maskOf: (accountId) => masks.get(accountId) ?? noSecrets,
  }
  return reader
}
