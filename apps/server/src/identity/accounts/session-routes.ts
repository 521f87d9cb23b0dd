import { changeOwnPassword, closeSession, getCaller, openSession } from '@parley/contract'
import { type Http, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { bearerOf } from './authenticator.ts'
import type { AccountsDeps } from './deps.ts'
import { setDeviceCookie } from './devices.ts'
import * as ownPassword from './own-password.ts'
import { logIn, logOut } from './sessions.ts'
import * as users from './users.ts'

/** Logging in and out by the native API, and who the caller is. */
export function sessionRoutes({ app, clientAddress }: Http, deps: AccountsDeps): void {
  route(app, openSession, async ({ params, body, request, reply }) => {
    const { bearer, csrf, expiresAt, deviceCookie, user } = await logIn(deps, params.accountId, {
      loginName: body.loginName,
      proof: { password: body.password },
      address: clientAddress(request.raw),
      cookies: request.headers.cookie,
    })
    setDeviceCookie(request, reply, deviceCookie)
    return { bearer, csrf, expiresAt: new Date(expiresAt).toISOString(), user }
  })
  route(app, closeSession, async ({ params, request }) => {
    const bearer = bearerOf(request.headers.authorization ?? '')
    if (bearer !== undefined) {
      await logOut(deps, params.accountId, { bearer, address: clientAddress(request.raw) })
    }
  })
  route(app, getCaller, async ({ params, principal }) => {
    const { kind, id, permissions, scopes } = principal
    const user = kind === 'user' ? await users.find(deps, params.accountId, id) : undefined
    const { accountName } = await deps.settings.get(params.accountId)
    const may = { permissions: [...permissions], scopes: [...scopes] }
    return { kind, id, ...may, ...(user && { user }), accountName }
  })
  route(app, changeOwnPassword, async ({ params, body, principal, request }) => {
    const bearer = bearerOf(request.headers.authorization ?? '')
    if (!principal.session || bearer === undefined) {
      throw new ParleyError('forbidden', 'Only a user who is logged in has a password')
    }
    await ownPassword.changeOwnPassword(deps, params.accountId, {
      ...body,
      user: principal,
      address: clientAddress(request.raw),
      bearer,
    })
  })
}
