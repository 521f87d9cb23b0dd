import type { ClientProperties } from '@parley/contract'
import type { Reader } from '#messaging/conversations'
import type { Answer, Request } from '#wire/messaging/format'
import type { Connection } from './connection.ts'
import type { Session } from './session.ts'

/** Where a socket comes from, as its handshake said. */
export interface Origin {
  clientIp: string
  properties: ClientProperties
}

/** What a face does with its sockets. There is one of each, so that a socket needs no functions of its own. */
export interface Face {
  /** Who is there, when the handshake did not say it, by a first request. */
  introduce?(
    accountId: string,
    request: Request,
    given: { connection: Connection; origin: Origin },
  ): Promise<{ session: Session } | { refused: Answer }>
  arrived(session: Session): void
  left(session: Session): void
  /** What holds when a session's time is over: a later end and who it is now, or the code that says what the client has to do. */
  expired(session: Session): Promise<{ expiresAt: number; reader?: Reader } | { code: number }>
}
