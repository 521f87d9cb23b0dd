import { beginningOf } from '#base/input'
import {
  addressGroup,
  boundedMap,
  declareBound,
  openWindow,
  type SlidingWindow,
} from '#base/bounds'
import { type Clock, ParleyError } from '#base/kernel'
import type { Audit } from '#identity/audit'

const WINDOW_MS = 60_000
/**
 * Failed attempts of the last minute: of a known device, of one address with one name, of all addresses with one name, of one
 * address with all names, and in one account.
 */
const LIMITS = { device: 10, pair: 10, name: 50, address: 50, account: 200 } as const

/** Of a name that nobody has. */
const SHOWN_CHARACTERS = 2

const TRACKED = declareBound({
  kind: 'map',
  holds: 'names, addresses and devices with failed logins',
  limit: 20_000,
  per: 'node',
  beyond: 'the one whose last attempt is longest ago is forgotten',
})

/** Why an attempt was refused, as the audit says it. */
type Reason = 'wrong credentials' | 'disabled user' | 'key without the right' | 'too many failures'

/** Who tries to prove something. */
export interface Attempt {
  accountId: string
  /** The login name, in lower case, or the id of an application. */
  name: string
  /** Whose name it is. The audit shows only the beginning of names that nobody has: somebody may have typed a password. */
  user?: { readonly userId: string; readonly loginName: string } | undefined
  /** The caller's address. */
  address: string
  /** A device that this user has logged in from. It has a limit of its own, so that strangers who guess cannot lock its user out. */
  device?: string | undefined
  /** A random secret cannot be guessed: only the address that tries is limited, so that nobody else is locked out. */
  isRandom?: boolean
}

/** An attempt of which it is known whether there is such an account: nothing is noted of others. */
interface KnownAttempt extends Attempt {
  isOfAccount: boolean
}

/** One try. It counts as failed once it has `failed`, and from `begin` until it is disposed, for what may be tried many times at once. */
export interface OpenAttempt extends Disposable {
  /** Refuses early, without counting. @throws ParleyError `rate_limited` after too many failures */
  check(): void
  /** @throws ParleyError `rate_limited` after too many failures */
  begin(): void
  failed(reason?: Reason): void
  /** It was proven, and is not allowed all the same. */
  refused(reason: Reason): void
}

/** Limits of failed attempts, each within a minute. Addresses count by their group, of IPv6 a /64. */
export interface LoginLimit {
  open(attempt: Attempt): Promise<OpenAttempt>
}

export function loginLimit({
  wallClock,
  audit,
  isAccount,
}: {
  wallClock: Clock
  audit: Pick<Audit, 'tally'>
  isAccount(accountId: string): Promise<boolean>
}): LoginLimit {
  const failures = boundedMap<string, SlidingWindow>(TRACKED)

  function note(attempt: KnownAttempt, reason: Reason): void {
    const { accountId, name, user, address } = attempt
    if (!attempt.isOfAccount) return
    audit.tally(accountId, {
      actor: user?.loginName ?? `${beginningOf(name, SHOWN_CHARACTERS)}…`,
      action: 'session.refused',
      object: user ? `user:${user.userId}` : 'unknown',
      address,
      outcome: 'refused',
      details: { reason },
    })
  }

  function check(attempt: KnownAttempt, now: number): void {
    for (const { key, limit } of countersOf(attempt)) {
      const retryAfterMs = failures.get(key)?.waitFor(limit, now) ?? 0
      if (retryAfterMs === 0) continue
      note(attempt, 'too many failures')
      throw new ParleyError('rate_limited', 'Too many failed logins; try again later', {
        retryAfterMs,
      })
    }
  }

  function count(attempt: Attempt, now: number): void {
    for (const { key, limit } of countersOf(attempt)) {
      const window = failures.get(key) ?? openWindow(WINDOW_MS)
      window.add(limit, now)
      failures.set(key, window)
    }
  }

  return {
    async open(asked) {
      const attempt = { ...asked, isOfAccount: await isAccount(asked.accountId) }
      let begunAt: number | undefined
      let hasFailed = false
      return {
        check: () => check(attempt, wallClock.now()),
        begin() {
          const now = wallClock.now()
          check(attempt, now)
          count(attempt, now)
          begunAt = now
        },
        failed(reason = 'wrong credentials') {
          if (begunAt === undefined) count(attempt, wallClock.now())
          hasFailed = true
          note(attempt, reason)
        },
        refused: (reason) => note(attempt, reason),
        [Symbol.dispose]() {
          if (begunAt === undefined || hasFailed) return
          for (const { key } of countersOf(attempt)) {
            const window = failures.get(key)
            window?.takeBack(begunAt)
            if (window?.size === 0) failures.delete(key)
          }
        },
      }
    },
  }
}

function countersOf({ accountId, name, address, device, isRandom }: Attempt) {
  if (device !== undefined) return [counter('device', `${accountId} ${device}`)]
  const group = addressGroup(address)
  const ofAddress = [counter('pair', `${accountId} ${name} ${group}`), counter('address', group)]
  if (isRandom) return ofAddress
  return [...ofAddress, counter('name', `${accountId} ${name}`), counter('account', accountId)]
}

function counter(kind: keyof typeof LIMITS, of: string) {
  return { key: `${kind} ${of}`, limit: LIMITS[kind] }
}
