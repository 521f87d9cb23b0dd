import type { Reader } from '#messaging/reading'
import { type JitteredQueue, openJitteredQueue } from '#base/kit'
import { messageOf } from '#base/kernel'
import { suspendedMessage } from '#base/store'
import { LOG_IN_AGAIN, NORMAL_CLOSURE } from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { ServedSocket } from './served-socket.ts'

/** Published clients send something at least every 60 seconds. */
const IDLE_MS = 120_000
/** How long an idle client has to answer the close frame before its socket is cut off. */
const CLOSE_MS = 5_000
/** How long a client has to authenticate. */
const AUTHENTICATE_MS = 30_000
/** When credentials that could not be checked are checked again, at the latest: not all at once. */
const RETRY_MS = 10_000
/** Sockets that are checked at the same time, where all of the node are. */
const WORKERS = 4
const SPREAD_MS = 500

const NEVER = Infinity

/** Closes sockets that are idle, unauthenticated for too long, or expired. Called once a second: no socket needs a timer. */
export function checkSockets(deps: Deps): void {
  const now = deps.monotonic.now()
  const wallNow = deps.wallClock.now()
  for (const served of deps.served) {
    const { connection, session, unauthenticated } = served
    const idleMs = now - connection.lastActiveAt
    if (idleMs > IDLE_MS + CLOSE_MS) connection.cut()
    // One that was accepted while the account was being suspended.
    else if (deps.store.suspensions.has(served.accountId)) closeSuspended(deps, served.accountId)
    else if (idleMs > IDLE_MS) connection.close(NORMAL_CLOSURE, 'Idle')
    else if (unauthenticated && now - unauthenticated.since > AUTHENTICATE_MS + CLOSE_MS) {
      connection.cut()
    } else if (unauthenticated && now - unauthenticated.since > AUTHENTICATE_MS) {
      connection.close(LOG_IN_AGAIN, 'Nobody has introduced itself')
    } else if (session && session.expiresAt <= wallNow) {
      void renewOrClose(deps, served, session)
    }
  }
}

/** Closes all sockets of a suspended account: the codes are published ones, the reason says more. */
export function closeSuspended(deps: Deps, accountId: string): void {
  if (!deps.store.suspensions.has(accountId)) return
  for (const served of deps.served) {
    if (served.accountId !== accountId) continue
    served.connection.close(served.endpoint.suspendedCode, suspendedMessage(accountId))
  }
}

/** Checks the credentials of these sessions, now and until it was possible: rights may have changed. */
export function recheck(deps: Deps, sessions: Iterable<Session>): void {
  const changed = new Set(sessions)
  for (const session of changed) session.expiresAt = 0
  for (const served of deps.served) {
    const { session } = served
    if (session && changed.has(session)) void renewOrClose(deps, served, session)
  }
}

/** Checks the credentials of sockets soon, a few at a time: rights may have changed, and those of all sockets are looked at. */
export function openRechecks(deps: Deps): JitteredQueue<ServedSocket> {
  return openJitteredQueue({
    ...deps,
    name: 'Checking the token of a socket',
    workers: WORKERS,
    spreadMs: SPREAD_MS,
    async work(served) {
      if (served.session && served.connection.isOpen) {
        await renewOrClose(deps, served, served.session)
      }
    },
  })
}

async function renewOrClose(
  { logger, wallClock, rightsChanged }: Deps,
  { endpoint, connection }: ServedSocket,
  session: Session,
): Promise<void> {
  // One check at a time.
  session.expiresAt = NEVER
  try {
    const renewed = await endpoint.renew(session)
    if ('code' in renewed) connection.close(renewed.code, 'The token has expired')
    else if (session.expiresAt === NEVER) {
      // `recheck` was not called meanwhile.
      session.expiresAt = renewed.expiresAt
      const before = session.reader
      session.reader = renewed.reader ?? before
      if (!seesAlike(before, session.reader)) rightsChanged(session)
    }
  } catch (error) {
    // An outage of the database must not close every socket.
    logger.warn({ err: error }, `Token of a socket not checked yet: ${messageOf(error)}`)
    session.expiresAt = wallClock.now() + RETRY_MS * (0.5 + Math.random() / 2)
  }
}

function seesAlike(one: Reader, other: Reader): boolean {
  const skills = ({ skillIds = [] }: Reader) => skillIds.toSorted().join(' ')
  return one.readsAll === other.readsAll && skills(one) === skills(other)
}
