import { retrying, tryFetch } from './retrying.ts'
import { storage } from '../storage.ts'

/** Where the page finds its account. */
export interface Place {
  /** Scheme and host of the server. */
  origin: string
  accountId: string
}

/** Under what the browser keeps something of this server and account. */
export function keyOf({ origin, accountId }: Place, what = ''): string {
  return `parley ${what}${what && ' '}${origin} ${accountId}`
}

async function post(place: Place, path: string, body: object): Promise<string> {
  const response = await retrying(() =>
    tryFetch(`${place.origin}/api/account/${place.accountId}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
  const { ok, status } = response
  if (!ok) throw refusalOf(status)
  return ((await response.json()) as { jwt: string }).jwt
}

/** As `reasonOf` tells it. */
export function refusalOf(status: number): Error {
  return Object.assign(new Error(`The server answered ${status}`), { status })
}

/** Whether this browser has written, or signed in, before. */
export function isReturning(place: Place): boolean {
  return storage.read(keyOf(place)) !== undefined
}

/** The token of this browser's consumer; a new anonymous consumer at the first visit. */
export async function currentToken(place: Place): Promise<string> {
  const kept = storage.read(keyOf(place))
  if (kept !== undefined) return kept
  const jwt = await post(place, '/signup', {})
  keepToken(place, jwt)
  return jwt
}

/** Exchanges the token of the company's own sign-in for one of a known consumer. */
export async function tokenForSignIn(place: Place, externalJwt: string): Promise<string> {
  return await post(place, '/authenticate', { authCode: externalJwt })
}

export function keepToken(place: Place, jwt: string): void {
  storage.keep(keyOf(place), jwt)
}

/** Whether the token is of a known consumer, by what the server has put into it. */
export function isOfKnownConsumer(jwt: string): boolean {
  return 'lp.ext' in claimsOf(jwt)
}

/** Whose token it is. */
export function consumerIdOf(jwt: string): string {
  return String(claimsOf(jwt).sub)
}

function claimsOf(jwt: string): { sub?: string } {
  const [, claims = ''] = jwt.split('.')
  try {
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: string }
  } catch {
    // Something else has written into the browser's storage: the server will say so.
    return {}
  }
}

/**
 * What was written under the token goes with it: the next who writes in this browser may be somebody else.
 * @param ended that of this page; another tab may have begun anew meanwhile
 */
export function forgetToken(place: Place, ended: string): void {
  if (storage.read(keyOf(place)) !== ended) return
  for (const what of ['', 'unsent', 'draft messaging']) storage.forget(keyOf(place, what))
}
