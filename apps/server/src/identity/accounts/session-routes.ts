import { closeSession, getCaller, openSession } from '@parley/contract'
import { type Http, route } from '#base/http'
import { bearerOf } from './authenticator.ts'
import type { AccountsDeps } from './deps.ts'
import { logIn, logOut } from './sessions.ts'
import * as users from './users.ts'

/** Logging in and out by the native API, and who the caller is. */
export function sessionRoutes({ app, clientAddress }: Http, deps: AccountsDeps): void {
  route(app, openSession, async ({ params, body, request }) => {
    const { bearer, csrf, expiresAt, user } = await logIn(deps, params.accountId, {
      loginName: body.loginName,
      proof: { password: body.password },
      address: clientAddress(request.raw),
    })
    return { bearer, csrf, expiresAt: new Date(expiresAt).toISOString(), user }
  })
  route(app, closeSession, async ({ params, request }) => {
    const bearer = bearerOf(request.headers.authorization ?? '')
    if (bearer !== undefined) await logOut(deps, params.accountId, { bearer })
  })
  route(app, getCaller, async ({ params, principal }) => {
    const { kind, id, permissions, scopes } = principal
    const user = kind === 'user' ? await users.find(deps, params.accountId, id) : undefined
    return { kind, id, permissions: [...permissions], scopes: [...scopes], ...(user && { user }) }
  })
}
