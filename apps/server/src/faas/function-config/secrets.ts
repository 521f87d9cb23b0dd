import { parseJson } from '#base/input'
import type { AccountLimits, SecretDraft, SecretSummary, SecretType } from '@parley/contract'
import { type KeyValues } from '#identity/credentials'
import { lockAccount, unmaskedTexts } from '#base/kit'
import type { Db } from '#base/store'
import { invalid, ParleyError } from '#base/kernel'
import { recordActivity } from './activities.ts'
import type { Actor, FunctionConfigDeps } from './deps.ts'
import { limitsOf } from './limits-of.ts'
import {
  countSecrets,
  deleteSecretRow,
  findSecret,
  findSecrets,
  insertSecret,
  replaceSecretValue,
  type SecretRow,
} from './repository.ts'

/** What secrets need. */
export type SecretDeps = Pick<
  FunctionConfigDeps,
  'store' | 'clock' | 'ids' | 'settings' | 'audit' | 'credentials'
>

/** Without a type the secret keeps its own. */
type SecretChange = Pick<SecretDraft, 'value'> & { type?: SecretType | undefined }

/** Made with the account. They cannot be created, changed or deleted by users. */
export const PROVISIONED_SECRETS = [
  'lp-faas-default-app-key',
  'lp-faas-orchestrator-app-key',
] as const

/** Without values: only a function can read the value of a secret. */
export async function listSecrets(
  deps: SecretDeps,
  accountId: string,
  options: { provisioned: boolean },
): Promise<SecretSummary[]> {
  if (options.provisioned) await provisionSecrets(deps, accountId)
  const rows = await findSecrets(deps.store.db, accountId)
  return rows
    .filter((row) => options.provisioned || !row.provisioned)
    .map((row) => toSummary(deps, row))
}

export async function createSecret(
  deps: SecretDeps,
  accountId: string,
  actor: Actor,
  draft: SecretDraft,
): Promise<SecretSummary> {
  const limits = await limitsOf(deps, accountId)
  if (isProvisioned(draft.name)) throw provisioned(draft.name)
  if (draft.name.length > limits.secretNameCharacters) {
    throw invalid('body.name', `must have at most ${limits.secretNameCharacters} characters`)
  }
  const row = newRow(deps, accountId, actor, draft.name, checkedValue(draft, limits))
  return deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (!(await insertSecret(tx, row))) {
      throw new ParleyError('secret_exists', `name: secret "${draft.name}" exists`, {
        details: [{ path: 'body.name', message: 'is taken' }],
      })
    }
    if ((await countSecrets(tx, accountId)) > limits.secrets) {
      throw new ParleyError(
        'secret_limit_reached',
        `The account may have ${limits.secrets} secrets: delete one first, or have the limit raised`,
      )
    }
    await recordActivity(deps, tx, accountId, actor, {
      topic: 'secret',
      activity: 'Secret Create',
      description: `Secret ${draft.name} created`,
    })
    return toSummary(deps, row)
  })
}

export async function replaceSecret(
  deps: SecretDeps,
  accountId: string,
  actor: Actor,
  name: string,
  draft: SecretChange,
): Promise<SecretSummary> {
  if (isProvisioned(name)) throw provisioned(name)
  const limits = await limitsOf(deps, accountId)
  return deps.store.transaction(async (tx) => {
    const type = draft.type ?? (await findSecret(tx, accountId, name))?.type
    if (type === undefined) throw secretNotFound(name)
    const entry = checkedValue({ type, value: draft.value }, limits)
    const change = sealedChange(deps, accountId, actor, name, entry)
    const row = await replaceSecretValue(tx, { accountId, name }, change)
    if (!row) throw secretNotFound(name)
    await recordActivity(deps, tx, accountId, actor, {
      topic: 'secret',
      activity: 'Secret Update',
      description: `Secret ${name} changed`,
    })
    return toSummary(deps, row)
  })
}

export async function deleteSecret(
  deps: SecretDeps,
  accountId: string,
  actor: Actor,
  name: string,
): Promise<void> {
  if (isProvisioned(name)) throw provisioned(name)
  await deps.store.transaction(async (tx) => {
    if (!(await deleteSecretRow(tx, accountId, name))) throw secretNotFound(name)
    await recordActivity(deps, tx, accountId, actor, {
      topic: 'secret',
      activity: 'Secret Delete',
      description: `Secret ${name} deleted`,
    })
  })
}

/**
 * Makes the account's own application keys when they are first needed, and anew where one cannot be read any more: no user could replace
 * it. Key and secret are made in one transaction.
 */
export async function provisionSecrets(deps: SecretDeps, accountId: string): Promise<void> {
  const { credentials, store } = deps
  const isThere = async (db: Db, name: string) => {
    const row = await findSecret(db, accountId, name)
    return row !== undefined && readable(deps, row) !== undefined
  }
  for (const name of PROVISIONED_SECRETS) {
    if (await isThere(store.db, name)) continue
    await store.transaction(async (tx) => {
      // Only one request at a time makes the secrets of an account.
      await lockAccount(tx, accountId)
      if (await isThere(tx, name)) return
      await deleteSecretRow(tx, accountId, name)
      const { values } = await credentials.apiKeys.add(tx, accountId, 'provisioning', { name })
      const entry = { type: 'json' as const, value: published(values) }
      const row = newRow(deps, accountId, 'provisioning', name, entry)
      await insertSecret(tx, { ...row, provisioned: true })
    })
    credentials.changed(accountId)
  }
}

/** In the shape of the published application keys, which `oauth-1.0a` signs with. */
function published({ appKey, secret, accessToken, accessTokenSecret }: KeyValues) {
  return {
    consumerKey: appKey,
    consumerSecret: secret,
    token: accessToken,
    tokenSecret: accessTokenSecret,
  }
}

export function isProvisioned(name: string): boolean {
  return PROVISIONED_SECRETS.some((provided) => provided === name)
}

export function secretNotFound(name: string): ParleyError {
  return new ParleyError('secret_not_found', `No secret "${name}"`)
}

function contextOf(name: string): string {
  return `secret ${name}`
}

/** @throws `secret_unreadable`, for one that came from data with another key */
export function openValue({ credentials }: SecretDeps, row: SecretRow): unknown {
  try {
    return JSON.parse(credentials.secrets.open(row.accountId, contextOf(row.name), row.box))
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause
    const message = `Secret "${row.name}" cannot be decrypted: it was sealed with another key. Give it a new value`
    throw new ParleyError('secret_unreadable', message, { cause })
  }
}

function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof ParleyError && thrown.code === 'secret_unreadable'
}

/** `undefined` for one with which nothing can be done but to replace it. */
function readable(deps: SecretDeps, row: SecretRow): { value: unknown } | undefined {
  try {
    return { value: openValue(deps, row) }
  } catch (error) {
    if (isUnreadable(error)) return undefined
    throw error
  }
}

/** What a secret holds. */
interface SecretEntry {
  type: SecretType
  value: unknown
}

export function sealedChange(
  { credentials, clock }: SecretDeps,
  accountId: string,
  actor: Actor,
  name: string,
  { type, value }: SecretEntry,
) {
  return {
    box: credentials.secrets.seal(accountId, contextOf(name), JSON.stringify(value)),
    type,
    updatedAt: new Date(clock.now()),
    updatedBy: actor,
  }
}

function newRow(
  deps: SecretDeps,
  accountId: string,
  actor: Actor,
  name: string,
  entry: SecretEntry,
): SecretRow {
  const sealed = sealedChange(deps, accountId, actor, name, entry)
  return {
    accountId,
    name,
    ...sealed,
    version: 1,
    provisioned: false,
    createdAt: sealed.updatedAt,
    createdBy: actor,
    lastUsedAt: null,
  }
}

function checkedValue({ type, value }: SecretEntry, limits: AccountLimits): SecretEntry {
  const parsed = type === 'json' && typeof value === 'string' ? parseValue(value) : value
  if (type === 'text' && typeof parsed !== 'string') {
    throw invalid('body.value', 'must be a text, as the type of the secret is "text"')
  }
  if (sizeOf(parsed) > limits.secretValueCharacters) {
    throw invalid('body.value', `must have at most ${limits.secretValueCharacters} characters`)
  }
  return { type, value: parsed }
}

export function sizeOf(value: unknown): number {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).length
}

function parseValue(text: string): unknown {
  try {
    return parseJson(text, 'value')
  } catch {
    // The parser's error is not passed on: it quotes the value.
    throw invalid('body.value', 'must be JSON, of at most 10,000 values and 64 levels')
  }
}

function provisioned(name: string): ParleyError {
  return new ParleyError('secret_provisioned', `Secret "${name}" belongs to the platform`)
}

function toSummary(deps: SecretDeps, row: SecretRow): SecretSummary {
  const opened = readable(deps, row)
  return {
    name: row.name,
    type: row.type,
    version: row.version,
    provisioned: row.provisioned,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
    ...(row.lastUsedAt && { lastUsedAt: row.lastUsedAt.toISOString() }),
    unmasked: opened ? unmaskedTexts(opened.value) : [],
    ...(!opened && { unreadable: true }),
  }
}
