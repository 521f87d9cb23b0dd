import type { Permission } from '@parley/contract'
import type { HotAnswer, HotCall, Http, Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'

/** Signs an administrator in to the file store: `X-Auth-User: <account>:<login name>`, `X-Auth-Key: <password>`. */
export async function serveSignIn(
  { accounts }: Pick<FileDeps, 'accounts'>,
  http: Pick<Http, 'clientAddress'>,
  { request }: HotCall,
): Promise<HotAnswer> {
  const { 'x-auth-user': user, 'x-auth-key': key } = request.headers
  if (typeof user !== 'string' || typeof key !== 'string') {
    throw new ParleyError('unauthorized', 'X-Auth-User and X-Auth-Key: are missing')
  }
  const [, accountId, loginName] = /^(\w+):(.+)$/.exec(user) ?? []
  if (accountId === undefined || loginName === undefined) {
    throw new ParleyError('unauthorized', 'X-Auth-User: must be <account>:<login name>')
  }
  const { bearer } = await accounts.logIn(accountId, {
    loginName,
    proof: { password: key },
    address: http.clientAddress(request),
  })
  const storageUrl = `https://${request.headers.host ?? ''}/v1/AUTH_async-images/${accountId}`
  return {
    status: 200,
    headers: { 'x-auth-token': bearer, 'x-storage-token': bearer, 'x-storage-url': storageUrl },
  }
}

const RIGHT: Permission = 'conversation:manage'

/**
 * Who has signed in with this token.
 * @throws ParleyError unless the token's user may change all conversations
 */
export async function requireSignedIn(
  { accounts, audit }: Pick<FileDeps, 'accounts' | 'audit'>,
  accountId: string,
  { token, address }: { token: string; address: string },
): Promise<Principal> {
  const principal = await accounts.authenticate(token, accountId)
  if (principal.permissions.has(RIGHT)) return principal
  audit.tally(accountId, {
    actor: principal.name,
    via: principal.via ?? null,
    action: 'request.refused',
    object: 'PUT AUTH_async-images',
    address,
    outcome: 'refused',
    details: { lacks: RIGHT },
  })
  throw new ParleyError('forbidden', 'The caller may not replace files')
}
