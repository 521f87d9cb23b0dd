import { messageOf } from '#base/kernel'
import { LOG_IN_AGAIN, NORMAL_CLOSURE } from './close-codes.ts'
import type { ServeDeps, Served } from './serve-socket.ts'
import type { Session } from './session.ts'

/** Published clients send something at least every 60 seconds. */
const IDLE_MS = 120_000
/** A socket whose other end is gone never answers the close. */
const GOODBYE_MS = 5_000
/** A socket on which nobody introduces itself is closed after this. */
const INTRODUCE_WITHIN_MS = 30_000

/** After a token could not be checked. */
const ASK_AGAIN_MS = 10_000

const NEVER = Infinity

/** Ends sockets that are silent, strange, or whose identity has ended. Called once a second: no socket needs timers. */
export function lookAfterSockets(deps: ServeDeps): void {
  const now = deps.monotonic.now()
  const domainNow = deps.clock.now()
  for (const served of deps.served) {
    const { connection, session, stranger } = served
    const silentMs = now - connection.heardAt
    if (silentMs > IDLE_MS + GOODBYE_MS) connection.cut()
    else if (silentMs > IDLE_MS) connection.close(NORMAL_CLOSURE, 'Idle')
    else if (stranger && now - stranger.since > INTRODUCE_WITHIN_MS) {
      connection.close(LOG_IN_AGAIN, 'Nobody has introduced itself')
    } else if (session && session.expiresAt <= domainNow) {
      void endUnlessExtended(deps, served, session)
    }
  }
}

/** At the next look, they are asked for who they are as if their time were over. */
export function doubt(sessions: Iterable<Session>): void {
  for (const session of sessions) session.expiresAt = 0
}

async function endUnlessExtended(
  { logger, clock }: ServeDeps,
  { face, connection }: Served,
  session: Session,
): Promise<void> {
  // Asked once.
  session.expiresAt = NEVER
  try {
    const found = await face.expired(session)
    if ('code' in found) connection.close(found.code, 'The token has expired')
    else if (session.expiresAt === NEVER) {
      // Nobody has doubted it again meanwhile.
      session.expiresAt = found.expiresAt
      session.reader = found.reader ?? session.reader
    }
  } catch (error) {
    // The database is away: that is no reason to send everybody away.
    logger.warn({ err: error }, `Token of a socket not checked yet: ${messageOf(error)}`)
    session.expiresAt = clock.now() + ASK_AGAIN_MS
  }
}
