import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Permission, TokenIssuer } from '@parley/contract'
import type { Db } from '#base/store'
import { selectApiKeys, selectClients, selectIssuers, selectSigningKeys } from './repository.ts'
import type { SecretsBox } from './secrets-box.ts'

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
  readonly keptPermissions: readonly Permission[]
  readonly secretDigest: string
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
    signingKeys: signingKeys.map(({ kid, createdAt, publicJwk, privateBox }) => ({
      kid,
      createdAt: createdAt.getTime(),
      publicJwk,
      publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
      privateKey: once(() =>
        createPrivateKey(box.open(privateBox, signingKeyContext(accountId, kid))),
      ),
    })),
    clients: new Map(clients.map((client) => [client.clientId, client])),
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

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

export function signingKeyContext(accountId: string, kid: string): string {
  return `signing-key ${accountId} ${kid}`
}

export function apiKeyContext(accountId: string, keyId: string): string {
  return `api-key ${accountId} ${keyId}`
}
