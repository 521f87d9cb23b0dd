import { listUsers } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMay } from '../session/use-session.ts'
import { queries } from './queries.ts'
import { ask } from './server.ts'

const STALE_MS = 60_000
/** Of one request: its address has no room for more. */
const MAX_ASKED = 100

type Names = ReadonlyMap<string, string>

/** By account, who was named by a page. */
const named = new Map<string, Set<string>>()
const keyOf = (accountId: string) => ['users', accountId, 'names']

/** What people are called, by their ids and pids: of thousands, those are read whom the pages name. */
export function useUserNames(accountId: string) {
  const mayRead = useMay(accountId, 'account:read')
  const { data } = useQuery({
    queryKey: keyOf(accountId),
    queryFn: async () => withNames(accountId, await readNames(accountId, named.get(accountId))),
    enabled: mayRead,
    staleTime: STALE_MS,
  })
  return useMemo(
    () => ({
      userName(id: string): string {
        if (mayRead) want(accountId, id)
        return data?.get(id) ?? id
      },
    }),
    [accountId, data, mayRead],
  )
}

/** All whom a page names for the first time are asked for together. */
const waiting = new Map<string, Set<string>>()

function want(accountId: string, id: string): void {
  const known = named.get(accountId) ?? new Set()
  if (known.has(id)) return
  named.set(accountId, known.add(id))
  const together = waiting.get(accountId) ?? new Set()
  if (together.size === 0) setTimeout(() => void readWaiting(accountId), 0)
  waiting.set(accountId, together.add(id))
}

async function readWaiting(accountId: string): Promise<void> {
  const ids = waiting.get(accountId)
  waiting.delete(accountId)
  try {
    const read = await readNames(accountId, ids)
    queries.setQueryData(keyOf(accountId), withNames(accountId, read))
  } catch {
    // The next one who names them asks again.
    for (const id of ids ?? []) named.get(accountId)?.delete(id)
  }
}

/** What was read beside what is known by now: other names may have come meanwhile. */
function withNames(accountId: string, read: Names): Names {
  return new Map([...(queries.getQueryData<Names>(keyOf(accountId)) ?? []), ...read])
}

async function readNames(accountId: string, wanted: Iterable<string> = []): Promise<Names> {
  const ids = [...wanted]
  const names = new Map<string, string>()
  for (let at = 0; at < ids.length; at += MAX_ASKED) {
    const query = { id: ids.slice(at, at + MAX_ASKED) }
    const { users } = await ask(accountId, listUsers, { query })
    for (const { userId, pid, nickname, loginName } of users) {
      for (const id of [userId, pid]) names.set(id, nickname || loginName)
    }
  }
  return names
}
