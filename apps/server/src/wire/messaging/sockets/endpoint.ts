import type { ClientProperties } from '@parley/contract'
import type { Reader } from '#messaging/reading'
import type { Answer, Request } from '#wire/messaging/format'
import type { Connection, Session } from '#wire/messaging/updates'

/** What a handshake says about its client. */
export interface Origin {
  clientIp: string
  properties: ClientProperties
}

/** What differs between the sockets of agents and those of consumers. One object for all sockets of a side. */
export interface Endpoint<Kind extends Session = Session> {
  /** The close code while the account is suspended. */
  readonly suspendedCode: number
  /** Authenticates a client by its first request. Absent where the handshake must do it. */
  authenticate?(
    accountId: string,
    request: Request,
    given: { connection: Connection; origin: Origin },
  ): Promise<{ session: Kind } | { refused: Answer }>
  /** What the client asks for waits for what is returned, which never fails. */
  connected(session: Kind): Promise<void> | undefined
  disconnected(session: Kind): void
  /** Checks the credentials of a session that expires: its new end and reader, or the close code that tells the client what to do. */
  renew(session: Kind): Promise<{ expiresAt: number; reader?: Reader } | { code: number }>
}
