import { PassingMap } from '#base/kernel'
import type { AgentSession, ConsumerSession, Session } from './session.ts'

/** The sessions that have sockets on this node. */
export interface Sessions {
  add(session: Session): void
  remove(session: Session): void
  all(): Iterable<Session>
  ofAccount(accountId: string): Iterable<Session>
  ofAgents(accountId: string): Iterable<AgentSession>
  ofAgent(accountId: string, userId: string): readonly AgentSession[]
  ofConsumer(accountId: string, consumerId: string): readonly ConsumerSession[]
}

/** Lists instead of sets: nearly every user has one socket, and there are thousands of users. */
type ByUser<Kind extends Session> = PassingMap<string, Kind[]>

interface AccountSessions {
  agents: ByUser<AgentSession>
  consumers: ByUser<ConsumerSession>
  watch: Disposable
}

const NONE: readonly never[] = []

/** `watch` is held for every account that has a session here. */
export function openSessions(watch: (accountId: string) => Disposable): Sessions {
  const accounts = new PassingMap<string, AccountSessions>()

  function* ofAgents(accountId: string): Generator<AgentSession> {
    for (const sessions of accounts.get(accountId)?.agents.values() ?? []) yield* sessions
  }

  function* ofAccount(accountId: string): Generator<Session> {
    yield* ofAgents(accountId)
    for (const sessions of accounts.get(accountId)?.consumers.values() ?? []) yield* sessions
  }

  return {
    add(session) {
      const { accountId } = session
      const account = accounts.get(accountId) ?? {
        agents: new PassingMap(),
        consumers: new PassingMap(),
        watch: watch(accountId),
      }
      accounts.set(accountId, account)
      if (session.side === 'agent') addTo(account.agents, session)
      else addTo(account.consumers, session)
    },
    remove(session) {
      const { accountId } = session
      const account = accounts.get(accountId)
      if (!account) return
      if (session.side === 'agent') removeFrom(account.agents, session)
      else removeFrom(account.consumers, session)
      if (account.agents.size + account.consumers.size > 0) return
      account.watch[Symbol.dispose]()
      accounts.delete(accountId)
    },
    *all() {
      for (const accountId of accounts.keys()) yield* ofAccount(accountId)
    },
    ofAccount,
    ofAgents,
    ofAgent: (accountId, userId) => accounts.get(accountId)?.agents.get(userId) ?? NONE,
    ofConsumer: (accountId, consumerId) =>
      accounts.get(accountId)?.consumers.get(consumerId) ?? NONE,
  }
}

function addTo<Kind extends Session>(users: ByUser<Kind>, session: Kind): void {
  const { userId } = session.reader
  const own = users.get(userId)
  if (own) own.push(session)
  else users.set(userId, [session])
}

function removeFrom<Kind extends Session>(users: ByUser<Kind>, session: Kind): void {
  const { userId } = session.reader
  const left = users.get(userId)?.filter((other) => other !== session) ?? []
  if (left.length > 0) users.set(userId, left)
  else users.delete(userId)
}
