import { z } from 'zod'
import { messageOf } from '#kernel'
import { LOG_IN_AGAIN } from './close-codes.ts'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'

const LOGINS = 'agent_logins'
const Login = z.object({ accountId: z.string(), userId: z.string(), sequence: z.number() })
type Login = z.infer<typeof Login>

export interface Presence extends Disposable {
  arrived(session: Session): void
  left(session: Session): void
}

/** Which agents have sockets here. A newer login of an agent ends the sockets of its older ones, on every node. */
export function agentPresence({ conversations, sessions, store, logger }: Deps): Presence {
  function closeOlder({ accountId, userId, sequence }: Login): void {
    for (const { loginSequence = 0, connection } of sessions.agent(accountId, userId)) {
      if (loginSequence < sequence) connection.close(LOG_IN_AGAIN, 'A newer login has taken over')
    }
  }

  function inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      logger.error({ err: error }, `Presence of an agent not written: ${messageOf(error)}`)
    })
  }

  const hearing = store.onNotify(LOGINS, (payload) => closeOlder(Login.parse(JSON.parse(payload))))

  return {
    arrived(session) {
      const { accountId, reader, loginSequence: sequence = 0 } = session
      const { userId } = reader
      sessions.add(session)
      const newest = Math.max(
        ...sessions.agent(accountId, userId).map((other) => other.loginSequence ?? 0),
      )
      closeOlder({ accountId, userId, sequence: newest })
      if (newest === sequence) {
        store.notify(LOGINS, JSON.stringify({ accountId, userId, sequence } satisfies Login))
      }
      inBackground(conversations.agentArrived(accountId, userId))
    },
    left(session) {
      const { accountId, reader } = session
      sessions.remove(session)
      if (sessions.agent(accountId, reader.userId).length > 0) return
      inBackground(conversations.agentLeft(accountId, reader.userId))
    },
    [Symbol.dispose]: () => hearing[Symbol.dispose](),
  }
}
