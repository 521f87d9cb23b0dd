import type { Side } from '#wire/messaging/format'
import type { Session } from './session.ts'

/** Who is on a socket of this node. */
export interface Sessions {
  add(session: Session): void
  remove(session: Session): void
  all(): Iterable<Session>
  agents(accountId: string): Iterable<Session>
  everybody(accountId: string): Iterable<Session>
  agent(accountId: string, userId: string): readonly Session[]
  consumer(accountId: string, consumerId: string): readonly Session[]
}

/** Lists instead of sets: nearly everybody has one socket, and there are thousands of them. */
type ByPerson = Map<string, Session[]>

interface Account extends Record<Side, ByPerson> {
  watch: Disposable
}

const NOBODY: readonly Session[] = []

/** `watch` is held for every account that has a socket here. */
export function openSessions(watch: (accountId: string) => Disposable): Sessions {
  const accounts = new Map<string, Account>()

  function* on(side: Side, accountId: string): Generator<Session> {
    for (const sessions of accounts.get(accountId)?.[side].values() ?? []) yield* sessions
  }

  function* everybody(accountId: string): Generator<Session> {
    yield* on('agent', accountId)
    yield* on('consumer', accountId)
  }

  return {
    add(session) {
      const { accountId, side, reader } = session
      const account = accounts.get(accountId) ?? {
        agent: new Map(),
        consumer: new Map(),
        watch: watch(accountId),
      }
      accounts.set(accountId, account)
      const own = account[side].get(reader.userId)
      if (own) own.push(session)
      else account[side].set(reader.userId, [session])
    },
    remove(session) {
      const { accountId, side, reader } = session
      const account = accounts.get(accountId)
      const left = account?.[side].get(reader.userId)?.filter((other) => other !== session) ?? []
      if (left.length > 0) account?.[side].set(reader.userId, left)
      else account?.[side].delete(reader.userId)
      if (!account || account.agent.size + account.consumer.size > 0) return
      account.watch[Symbol.dispose]()
      accounts.delete(accountId)
    },
    *all() {
      for (const accountId of accounts.keys()) yield* everybody(accountId)
    },
    everybody,
    agents: (accountId) => on('agent', accountId),
    agent: (accountId, userId) => accounts.get(accountId)?.agent.get(userId) ?? NOBODY,
    consumer: (accountId, consumerId) =>
      accounts.get(accountId)?.consumer.get(consumerId) ?? NOBODY,
  }
}
