import { z } from 'zod'
import { messageOf } from '#base/kernel'
import { LOG_IN_AGAIN } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'

const LOGINS = 'agent_logins'
const RETRY_MS = 1000
const Login = z.object({ accountId: z.string(), userId: z.string(), sequence: z.number() })
type Login = z.infer<typeof Login>

export interface Presence extends Disposable {
  connected(session: Session): void
  disconnected(session: Session): void
}

/** Which agents have sockets here. A newer login of an agent ends the sockets of its older ones, on every node. */
export function agentPresence(deps: Deps): Presence {
  const { reading, routing, sessions, store, monotonic, logger } = deps
  const opened = new DisposableStack()

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

  /** Writes whether the agent has sockets here, as often as it takes: by that agents are rung or left in peace. */
  async function note(accountId: string, userId: string): Promise<void> {
    const isHere = sessions.agent(accountId, userId).length > 0
    try {
      if (isHere) await routing.agentArrived(accountId, userId)
      else await routing.agentLeft(accountId, userId)
    } catch (error) {
      logger.error({ err: error }, `Presence of an agent not written: ${messageOf(error)}`)
      if (!opened.disposed) monotonic.after(RETRY_MS, () => void note(accountId, userId))
    }
  }

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
      for (const { side, accountId, reader, loginSequence = 0 } of sessions.all()) {
        if (side !== 'agent') continue
        announce({ accountId, userId: reader.userId, sequence: loginSequence })
        void note(accountId, reader.userId)
      }
    }),
  )
  opened.use(
    // Another node may have taken this one for dead, while the database was away for both.
    reading.updates.subscribe({
      agentChanged(accountId, userId) {
        if (sessions.agent(accountId, userId).length > 0) void note(accountId, userId)
      },
    }),
  )

  return {
    connected(session) {
      const { accountId, reader, loginSequence: sequence = 0 } = session
      const { userId } = reader
      sessions.add(session)
      const newest = newestOf(accountId, userId)
      closeOlder({ accountId, userId, sequence: newest })
      if (newest === sequence) announce({ accountId, userId, sequence })
      void note(accountId, userId)
    },
    disconnected(session) {
      const { accountId, reader } = session
      sessions.remove(session)
      if (sessions.agent(accountId, reader.userId).length === 0) void note(accountId, reader.userId)
    },
    [Symbol.dispose]: () => opened.dispose(),
  }
}
