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

  function newestOf(accountId: string, userId: string): number {
    const own = sessions.agent(accountId, userId).map((session) => session.loginSequence ?? 0)
    return Math.max(0, ...own)
  }

  function announce(login: Login): void {
    store.notify(LOGINS, JSON.stringify(login))
  }

  function inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      logger.error({ err: error }, `Presence of an agent not written: ${messageOf(error)}`)
    })
  }

  using opened = new DisposableStack()
  opened.use(
    store.onNotify(LOGINS, (payload) => {
      const login = Login.parse(JSON.parse(payload))
      closeOlder(login)
      const sequence = newestOf(login.accountId, login.userId)
      // Whoever announces an older login has missed this one.
      if (sequence > login.sequence) announce({ ...login, sequence })
    }),
  )
  opened.use(
    store.onResync(() => {
      for (const { face, accountId, reader, loginSequence = 0 } of sessions.all()) {
        if (face !== 'agent') continue
        announce({ accountId, userId: reader.userId, sequence: loginSequence })
      }
    }),
  )
  const resources = opened.move()

  return {
    arrived(session) {
      const { accountId, reader, loginSequence: sequence = 0 } = session
      const { userId } = reader
      sessions.add(session)
      const newest = newestOf(accountId, userId)
      closeOlder({ accountId, userId, sequence: newest })
      if (newest === sequence) announce({ accountId, userId, sequence })
      inBackground(conversations.agentArrived(accountId, userId))
    },
    left(session) {
      const { accountId, reader } = session
      sessions.remove(session)
      if (sessions.agent(accountId, reader.userId).length > 0) return
      inBackground(conversations.agentLeft(accountId, reader.userId))
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
