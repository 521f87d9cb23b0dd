import type { WebSocket } from 'ws'
import { messageOf } from '#kernel'
import type { Connection } from './connection.ts'
import type { Deps } from './deps.ts'

/** A new token is needed: it is missing, wrong or expired, or a newer login has taken over. */
export const LOG_IN_AGAIN = 4401
/** An anonymous consumer has to extend its identity. */
export const EXTEND_IDENTITY = 4407

/** Ends a socket with its token, unless the token's life has been extended meanwhile. */
export function closeWhenEnded(
  { clock, logger }: Pick<Deps, 'clock' | 'logger'>,
  socket: WebSocket,
  connection: Connection,
  expiresAt: number,
  check: () => Promise<{ expiresAt: number } | { code: number }>,
): void {
  let alarm = clock.alarm(expiresAt, () => void ring())
  socket.once('close', () => alarm[Symbol.dispose]())

  async function ring(): Promise<void> {
    try {
      const found = await check()
      if ('code' in found) connection.close(found.code, 'The token has expired')
      else if (connection.isOpen) alarm = clock.alarm(found.expiresAt, () => void ring())
    } catch (error) {
      logger.warn({ err: error }, `Token of a socket not checked: ${messageOf(error)}`)
      connection.close(LOG_IN_AGAIN, 'The token could not be checked')
    }
  }
}
