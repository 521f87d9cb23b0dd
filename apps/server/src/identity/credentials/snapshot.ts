import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { type GrantType, type Permission, type TokenIssuer, Webhook } from '@parley/contract'
import type { Db } from '#base/store'
import {
  type OldSecret,
  readOldSecrets,
  selectApiKeys,
  selectClients,
  selectIssuers,
  selectSigningKeys,
} from './repository.ts'
import type { SecretsBox } from '#identity/sealing'

/** What an account's tokens and signatures are checked with, as one snapshot in memory. */
export interface CredentialsSnapshot {
  /** Newest first: the first one signs. */
  readonly signingKeys: readonly SigningKeyEntry[]
  readonly clients: ReadonlyMap<string, ClientEntry>
  /** By application key. */
  readonly apiKeys: ReadonlyMap<string, ApiKeyEntry>
  readonly issuers: ReadonlyMap<string, TokenIssuer>
}

export interface SigningKeyEntry {
  readonly kid: string
  readonly createdAt: number
  readonly publicJwk: object
  readonly publicKey: KeyObject
  privateKey(): KeyObject
}

export interface ClientEntry {
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly grantTypes: readonly GrantType[]
  readonly redirectUris: readonly string[]
  readonly keptPermissions: readonly Permission[]
  readonly secretDigest: string
  /** Accepted until their `until`, in ms of real time. */
  readonly oldSecrets: readonly OldSecret[]
  /** What signs its webhooks; `undefined` when only the digest is known. */
  readonly secret: (() => string) | undefined
  readonly webhook: Webhook | undefined
  readonly createdAt: Date
  readonly createdBy: string
}

export interface ApiKeyEntry {
  readonly keyId: string
  readonly name: string
  readonly appKey: string
  readonly accessToken: string
  /** With the kept ones. */
  readonly permissions: readonly Permission[]
  readonly keptPermissions: readonly Permission[]
  readonly createdAt: Date
  readonly createdBy: string
  secret(): string
  accessTokenSecret(): string
}

export async function readCredentials(
  db: Db,
  box: SecretsBox,
  accountId: string,
): Promise<CredentialsSnapshot> {
  const [signingKeys, clients, apiKeys, issuers] = await Promise.all([
    selectSigningKeys(db, accountId),
    selectClients(db, accountId),
    selectApiKeys(db, accountId),
    selectIssuers(db, accountId),
  ])
  return {
    signingKeys: signingKeys.map((key) =>
      signingKeyEntry(box, key, signingKeyContext(accountId, key.kid)),
    ),
    clients: new Map(
      clients.map(({ secretBox, oldSecrets, webhook, ...client }) => [
        client.clientId,
        {
          ...client,
          oldSecrets: readOldSecrets(oldSecrets),
          webhook: Webhook.nullable().parse(webhook) ?? undefined,
          secret:
            secretBox === null
              ? undefined
              : () => box.open(secretBox, clientContext(accountId, client.clientId)),
        },
      ]),
    ),
    apiKeys: new Map(
      apiKeys.map(({ secretBox, accessTokenSecretBox, ...key }) => [
        key.appKey,
        {
          ...key,
          permissions: [...new Set([...key.permissions, ...key.keptPermissions])],
          secret: () => box.open(secretBox, apiKeyContext(accountId, key.keyId)),
          accessTokenSecret: () =>
            box.open(accessTokenSecretBox, apiKeyContext(accountId, key.keyId)),
        },
      ]),
    ),
    issuers: new Map(issuers.map((issuer) => [issuer.issuer, issuer])),
  }
}

/** A stored key; `context` is what its private half was sealed for. */
export function signingKeyEntry(
  box: SecretsBox,
  { kid, createdAt, publicJwk, privateBox }: StoredKey,
  context: string,
): SigningKeyEntry {
  return {
    kid,
    createdAt: createdAt.getTime(),
    publicJwk,
    publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
    privateKey: once(() => createPrivateKey(box.open(privateBox, context))),
  }
}

interface StoredKey {
  kid: string
  createdAt: Date
  publicJwk: object
  privateBox: string
}

/** Whether its private half can be read: that of other data cannot, and a new key must take its place. */
export function canSign({ privateKey }: SigningKeyEntry): boolean {
  try {
    return privateKey().type === 'private'
  } catch {
    // It was sealed with another key.
    return false
  }
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

export function signingKeyContext(accountId: string, kid: string): string {
  return `signing-key ${accountId} ${kid}`
}

export function clientContext(accountId: string, clientId: string): string {
  return `client ${accountId} ${clientId}`
}

export function apiKeyContext(accountId: string, keyId: string): string {
  return `api-key ${accountId} ${keyId}`
}
