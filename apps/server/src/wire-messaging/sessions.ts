import type { Session } from './session.ts'

/** Who is on a socket of this node. */
export interface Sessions {
  add(session: Session): void
  remove(session: Session): void
  all(): Iterable<Session>
  agents(accountId: string): Iterable<Session>
  agent(accountId: string, userId: string): Session[]
  consumer(accountId: string, consumerId: string): Iterable<Session>
}

/** `watch` is held for every account that has a socket here. */
export function openSessions(watch: (accountId: string) => Disposable): Sessions {
  const watches = new Map<Session, Disposable>()
  const all = new Set<Session>()
  const byKey = new Map<string, Set<Session>>()

  return {
    add(session) {
      all.add(session)
      watches.set(session, watch(session.accountId))
      for (const key of keysOf(session)) {
        const sessions = byKey.get(key) ?? new Set()
        byKey.set(key, sessions.add(session))
      }
    },
    remove(session) {
      all.delete(session)
      watches.get(session)?.[Symbol.dispose]()
      watches.delete(session)
      for (const key of keysOf(session)) {
        const sessions = byKey.get(key)
        sessions?.delete(session)
        if (sessions?.size === 0) byKey.delete(key)
      }
    },
    all: () => all,
    agents: (accountId) => byKey.get(`agents/${accountId}`) ?? [],
    agent: (accountId, userId) => [...(byKey.get(`agent/${accountId}/${userId}`) ?? [])],
    consumer: (accountId, consumerId) => byKey.get(`consumer/${accountId}/${consumerId}`) ?? [],
  }
}

function keysOf({ face, accountId, reader }: Session): string[] {
  return face === 'agent'
    ? [`agents/${accountId}`, `agent/${accountId}/${reader.userId}`]
    : [`consumer/${accountId}/${reader.userId}`]
}
