import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '#base/kit'
import type { AccountsDeps } from './deps.ts'

/** A browser may be used by several users, one after the other. */
const MAX_USERS = 5
const YEAR_S = 31_536_000
const COOKIE = 'parley_device'
const SEPARATOR = '~'

/** The device's own id in the proof that this user has logged in from it, `undefined` for an unknown one. */
export function knownDevice(
  deps: AccountsDeps,
  accountId: string,
  userId: string,
  cookies: string | undefined,
): string | undefined {
  for (const proof of proofsIn(cookies)) {
    const [account, user, id = '', mac = ''] = proof.split('.')
    if (account !== accountId || user !== userId) continue
    if (isSameSecret(mac, macOf(deps, accountId, userId, id))) return id
  }
  return undefined
}

/** The value of `Set-Cookie` by which a browser is known the next time this user logs in. */
export function deviceCookie(
  deps: AccountsDeps,
  accountId: string,
  userId: string,
  cookies: string | undefined,
): string {
  const own = `${accountId}.${userId}.`
  const id = deps.ids.token(16)
  const proof = `${own}${id}.${macOf(deps, accountId, userId, id)}`
  const others = proofsIn(cookies).filter((other) => !other.startsWith(own))
  const value = [proof, ...others].slice(0, MAX_USERS).join(SEPARATOR)
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_S}`
}

/** Beside the other cookies of the answer. */
export function setDeviceCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  cookie: string | undefined,
): void {
  if (cookie === undefined) return
  reply.header('set-cookie', request.server.parleyByTls(request) ? `${cookie}; Secure` : cookie)
}

function proofsIn(cookies = ''): string[] {
  const found = cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .findLast((cookie) => cookie.startsWith(`${COOKIE}=`))
  return (found?.slice(COOKIE.length + 1) ?? '')
    .split(SEPARATOR)
    .filter((proof) => /^\w{1,32}\.\d{1,18}\.[\w-]{1,64}\.[\w-]{1,64}$/.test(proof))
}

function macOf({ credentials }: AccountsDeps, accountId: string, userId: string, id: string) {
  return credentials.digest(`device ${accountId} ${userId} ${id}`)
}
