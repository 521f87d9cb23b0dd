import * as z from 'zod'
import { openJitteredQueue } from '#base/kit'
import { messageOf } from '#base/kernel'
import { LOG_IN_AGAIN } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { AgentSession } from './session.ts'

const LOGINS = 'agent_logins'
const RETRY_MS = 1000
const SPREAD_MS = 500
const Login = z.object({ accountId: z.string(), userId: z.string(), sequence: z.number() })
type Login = z.infer<typeof Login>

export interface Presence extends Disposable {
  connected(session: AgentSession): void
  disconnected(session: AgentSession): void
}

/** Keeps which agents have sockets on this node. A newer login of an agent closes the sockets of its older ones, on every node. */
export function openPresence(deps: Deps): Presence {
  const { reading, routing, sessions, store, monotonic, logger } = deps
  const opened = new DisposableStack()

  function closeOlder({ accountId, userId, sequence }: Login): void {
    for (const { loginSequence, connection } of sessions.ofAgent(accountId, userId)) {
      if (loginSequence < sequence) connection.close(LOG_IN_AGAIN, 'A newer login has taken over')
    }
  }

  function newestOf(accountId: string, userId: string): number {
    const own = sessions.ofAgent(accountId, userId).map(({ loginSequence }) => loginSequence)
    return Math.max(0, ...own)
  }

  function announce(login: Login): void {
    store.notify(LOGINS, JSON.stringify(login))
  }

  /** Writes whether the agent has sockets here, and retries until it is written: only agents with sockets are rung. */
  async function writePresence(accountId: string, userId: string): Promise<void> {
    const isHere = sessions.ofAgent(accountId, userId).length > 0
    try {
      if (isHere) await routing.agentArrived(accountId, userId)
      else await routing.agentLeft(accountId, userId)
    } catch (error) {
      logger.error({ err: error }, `Presence of an agent not written: ${messageOf(error)}`)
      if (!opened.disposed) monotonic.after(RETRY_MS, () => void writePresence(accountId, userId))
    }
  }

  const restating = opened.use(
    openJitteredQueue<AgentSession>({
      monotonic,
      logger,
      name: 'Stating the presence of an agent',
      workers: 1,
      spreadMs: SPREAD_MS,
      async work({ accountId, reader: { userId }, loginSequence: sequence, connection }) {
        if (!connection.isOpen) return
        announce({ accountId, userId, sequence })
        await routing.agentArrived(accountId, userId)
      },
    }),
  )
  opened.use(
    store.onNotify(LOGINS, (payload) => {
      const login = Login.parse(JSON.parse(payload))
      closeOlder(login)
      const sequence = newestOf(login.accountId, login.userId)
      // The node that announced an older login does not know this one.
      if (sequence > login.sequence) announce({ ...login, sequence })
    }),
  )
  opened.use(
    store.onResync(() => {
      for (const session of sessions.all()) if (session.side === 'agent') restating.add(session)
    }),
  )
  opened.use(
    // During an outage of the database, another node may have marked the agents of this one as gone.
    reading.updates.subscribe({
      agentChanged(accountId, userId) {
        if (sessions.ofAgent(accountId, userId).length > 0) void writePresence(accountId, userId)
      },
    }),
  )

  return {
    connected(session) {
      const { accountId, reader, loginSequence: sequence } = session
      const { userId } = reader
      sessions.add(session)
      const newest = newestOf(accountId, userId)
      closeOlder({ accountId, userId, sequence: newest })
      if (newest === sequence) announce({ accountId, userId, sequence })
      void writePresence(accountId, userId)
    },
    disconnected(session) {
      const { accountId, reader } = session
      sessions.remove(session)
      if (sessions.ofAgent(accountId, reader.userId).length === 0)
        void writePresence(accountId, reader.userId)
    },
    [Symbol.dispose]: () => opened.dispose(),
  }
}
