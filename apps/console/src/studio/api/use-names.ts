import { listFunctions, listSkills, listUsers } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMay } from '../session/use-session.ts'
import { ask } from './server.ts'

const STALE_MS = 60_000

/** Names of functions, skills and people by their ids; the id itself where there is no name, or the user may not read it. */
export function useNames(accountId: string) {
  const readsFunctions = useMay(accountId, 'function:read')
  const readsAccount = useMay(accountId, 'account:read')
  const { data: functions } = useQuery({
    queryKey: ['functions', accountId],
    queryFn: () => ask(accountId, listFunctions),
    enabled: readsFunctions,
    staleTime: STALE_MS,
  })
  const { data: skills } = useQuery({
    queryKey: ['skills', accountId],
    queryFn: () => ask(accountId, listSkills),
    enabled: readsAccount,
    staleTime: STALE_MS,
  })
  const { data: users } = useQuery({
    queryKey: ['users', accountId],
    queryFn: () => ask(accountId, listUsers),
    enabled: readsAccount,
    staleTime: STALE_MS,
  })
  return useMemo(() => {
    const ofFunctions = new Map(functions?.functions.map((one) => [one.functionId, one.name]))
    const ofSkills = new Map(skills?.skills.map((one) => [one.skillId, one.name]))
    const ofUsers = new Map(
      users?.users.flatMap(({ userId, pid, nickname, loginName }) => {
        const name = nickname || loginName
        return [
          [userId, name],
          [pid, name],
        ] as const
      }),
    )
    return {
      /** Whether the functions are there already. */
      isLoaded: functions !== undefined,
      functions: functions?.functions ?? [],
      skills: skills?.skills ?? [],
      functionName: (id: string) => ofFunctions.get(id) ?? id,
      skillName: (id: string) => ofSkills.get(id) ?? id,
      userName: (id: string) => ofUsers.get(id) ?? id,
    }
  }, [functions, skills, users])
}
