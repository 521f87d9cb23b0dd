import { ParleyError } from '#base/kernel'
import { limitsOf } from './limits-of.ts'
import {
  contextOf,
  isProvisioned,
  provisionSecrets,
  type SecretDeps,
  sealedChange,
  secretNotFound,
  sizeOf,
} from './secrets.ts'
import { findSecret, replaceSecretValue, touchSecret } from './repository.ts'

/** Shorter values are not masked: they occur in ordinary text. */
const MIN_MASKED_CHARACTERS = 4
const MAX_MASKED_PER_ACCOUNT = 2_000

/** Secrets as functions use them. */
export interface SecretReader {
  read(
    accountId: string,
    functionId: string,
    name: string,
  ): Promise<{ key: string; value: unknown }>
  /** The last update wins. */
  update(
    accountId: string,
    functionId: string,
    name: string,
    value: unknown,
  ): Promise<{ key: string; value: unknown }>
  /** The secrets that the function has read or updated on this node, as they are now. */
  usedBy(accountId: string, functionId: string): Promise<{ key: string; value: unknown }[]>
  /** Every text of the secrets that functions of this node have read. They must be masked wherever they occur. */
  seen(accountId: string): readonly string[]
}

export function openSecretReader(deps: SecretDeps): SecretReader {
  const masked = new Map<string, Set<string>>()
  const lists = new Map<string, readonly string[]>()

  function remember(accountId: string, value: unknown): void {
    const texts = masked.get(accountId) ?? new Set()
    masked.set(accountId, texts)
    const fresh = [...textsOf(value)].filter(
      (text) => text.length >= MIN_MASKED_CHARACTERS && !texts.has(text),
    )
    if (fresh.length === 0) return
    for (const text of fresh) texts.add(text)
    for (const oldest of texts) {
      if (texts.size <= MAX_MASKED_PER_ACCOUNT) break
      texts.delete(oldest)
    }
    // Longest first: a secret may contain another one.
    lists.set(
      accountId,
      [...texts].sort((a, b) => b.length - a.length),
    )
  }

  const used = new Map<string, Set<string>>()

  function note(accountId: string, functionId: string, name: string): void {
    const key = `${accountId} ${functionId}`
    const names = used.get(key) ?? new Set()
    used.set(key, names.add(name))
  }

  const reader: SecretReader = {
    async read(accountId, functionId, name) {
      const { db } = deps.store
      if (isProvisioned(name)) await provisionSecrets(deps, accountId)
      const row = await findSecret(db, accountId, name)
      if (!row) throw secretNotFound(name)
      const value: unknown = JSON.parse(
        deps.credentials.secrets.open(accountId, contextOf(name), row.box),
      )
      remember(accountId, value)
      await touchSecret(db, row, new Date(deps.clock.now()))
      note(accountId, functionId, name)
      return { key: name, value }
    },
    async update(accountId, functionId, name, value) {
      if (isProvisioned(name)) {
        throw new ParleyError('secret_provisioned', `Secret "${name}" belongs to the platform`)
      }
      const { secretValueCharacters } = await limitsOf(deps, accountId)
      if (sizeOf(value) > secretValueCharacters) {
        const message = `Provided Secret Value exceeds allowed length of ${secretValueCharacters}`
        throw new ParleyError('secret_too_large', message)
      }
      remember(accountId, value)
      const change = sealedChange(deps, accountId, functionId, name, value)
      const row = await replaceSecretValue(deps.store.db, { accountId, name }, change)
      if (!row) throw secretNotFound(name)
      note(accountId, functionId, name)
      return { key: name, value }
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
    seen: (accountId) => lists.get(accountId) ?? [],
  }
  return reader
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value
    // As it stands inside JSON.
    yield JSON.stringify(value).slice(1, -1)
    return
  }
  if (typeof value !== 'object' || value === null) return
  yield JSON.stringify(value)
  for (const item of Object.values(value)) yield* textsOf(item)
}
