import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerOf, type LoginProof, setDeviceCookie } from '#identity/accounts'
import { type Http, route } from '#base/http'
import { invalid, ParleyError } from '#base/kernel'
import { requireKnown } from '#base/store'
import type { Deps } from './deps.ts'
import * as specs from './specs.ts'

/** The published login, refresh and logout of users. */
export function sessionRoutes(http: Http, { accounts, store }: Deps): void {
  route(http.app, specs.login, async ({ params, body, request, reply }) => {
    if (!('username' in body)) {
      await accounts.getAccount(params.accountId)
      requireKnown(store, params.accountId)
      throw new ParleyError('unauthorized', 'No SAML identity provider is set up for this account')
    }
    const { username, ...rest } = body
    const proof: LoginProof = 'password' in rest ? { password: rest.password } : rest
    const session = await accounts.proveCaller(params.accountId, () =>
      accounts.logIn(params.accountId, {
        loginName: username,
        proof,
        address: http.clientAddress(request.raw),
        cookies: request.headers.cookie,
      }),
    )
    const { bearer, csrf, sessionId, deviceCookie, user } = session
    setSessionCookie(request, reply, sessionId)
    setDeviceCookie(request, reply, deviceCookie)
    return {
      csrf,
      bearer,
      sessionId,
      config: { userId: user.userId, userPid: user.pid, loginName: user.loginName },
    }
  })
  route(http.app, specs.refresh, async ({ params, body, request, reply }) => {
    // `lpf login` asks so for each account that it has no session of, and logs in only after 401.
    if (!body.csrf) throw new ParleyError('unauthorized', 'The csrf of a session is missing')
    const proof = { sessionId: sessionCookie(request), csrf: body.csrf }
    const { csrf, sessionId, user } = await accounts.refreshSession(params.accountId, proof)
    setSessionCookie(request, reply, sessionId)
    return {
      csrf,
      sessionId,
      config: { userId: user.userId, userPid: user.pid, loginName: user.loginName },
    }
  })
  route(http.app, specs.logout, async ({ params, body, request, reply }) => {
    const bearer = bearerOf(request.headers.authorization ?? '')
    const address = http.clientAddress(request.raw)
    if (bearer !== undefined) {
      await accounts.authenticate(bearer, params.accountId)
      await accounts.logOut(params.accountId, { bearer, address })
    } else {
      if (body?.csrf === undefined) throw invalid('body.csrf', 'is missing')
      await accounts.logOut(params.accountId, {
        sessionId: sessionCookie(request),
        csrf: body.csrf,
        address,
      })
    }
    reply.header('set-cookie', 'session_id=; Path=/; HttpOnly; Max-Age=0')
    return {}
  })
}

function setSessionCookie(request: FastifyRequest, reply: FastifyReply, sessionId: string): void {
  const secure = request.server.parleyByTls(request) ? '; Secure' : ''
  reply.header('set-cookie', `session_id=${sessionId}; Path=/; HttpOnly; SameSite=Lax${secure}`)
}

/** A client may send cookies of several logins. The last one is the newest. */
function sessionCookie(request: FastifyRequest): string {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim())
  const found = cookies.findLast((cookie) => cookie.startsWith('session_id='))
  if (!found) throw new ParleyError('unauthorized', 'The cookie session_id is missing')
  return found.slice('session_id='.length)
}
