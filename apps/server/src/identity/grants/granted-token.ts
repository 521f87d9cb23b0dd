import type { Permission } from '@parley/contract'
import { permissionsOfScopes } from '#identity/credentials'
import type { GrantsDeps } from './deps.ts'
import { findGrant } from './repository.ts'

/** An access token by which an application acts for a user. */
export interface GrantedToken {
  userId: string
  clientId: string
  /** Of its scopes that the application still has. What the user lacks does not count either. */
  permissions: ReadonlySet<Permission>
  /** In ms of real time. */
  expiresAt: number
}

/** The type that the header of such a token names (RFC 9068). */
const TYPE = 'at+jwt'

/** What a token permits; `undefined` when it is none of this account, has expired, or what it stands for has ended. */
export async function findGranted(
  { credentials, store, wallClock }: GrantsDeps,
  accountId: string,
  token: string,
): Promise<GrantedToken | undefined> {
  const claims = await credentials.signingKeys.readJwt(accountId, token)
  const { typ, aud, sub: userId, azp: clientId = '', grant, scope = '' } = claims ?? {}
  if (!claims || typ !== TYPE || aud !== accountId || !userId || !grant) return undefined
  const client = await credentials.clients.find(accountId, clientId)
  if (!client?.grantTypes.includes('authorization_code')) return undefined
  const kept = await findGrant(store.db, accountId, { id: grant, userId, clientId })
  if (!kept || kept.expiresAt.getTime() <= wallClock.now()) return undefined
  const scopes = scope.split(' ').filter((each) => client.scopes.includes(each))
  return {
    userId,
    clientId,
    permissions: permissionsOfScopes(scopes),
    expiresAt: Math.min(claims.exp * 1000, kept.expiresAt.getTime()),
  }
}
