import { listFunctions, listSkills, listUsers } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type * as z from 'zod'
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
  return useMemo(
    () => ({
      /** Whether the functions are there already. */
      isLoaded: functions !== undefined,
      functions: functions?.functions ?? [],
      skills: skills?.skills ?? [],
      functionName: (id: string) => (functions && functionNames(functions).get(id)) ?? id,
      skillName: (id: string) => (skills && skillNames(skills).get(id)) ?? id,
      userName: (id: string) => (users && userNames(users).get(id)) ?? id,
    }),
    [functions, skills, users],
  )
}

type Names = ReadonlyMap<string, string>
type Answer<Spec extends { reply: z.ZodType }> = z.output<Spec['reply']>

const functionNames = oncePerAnswer(
  ({ functions }: Answer<typeof listFunctions>): Names =>
    new Map(functions.map((one) => [one.functionId, one.name])),
)
const skillNames = oncePerAnswer(
  ({ skills }: Answer<typeof listSkills>): Names =>
    new Map(skills.map((one) => [one.skillId, one.name])),
)
const userNames = oncePerAnswer(
  ({ users }: Answer<typeof listUsers>): Names =>
    new Map(
      users.flatMap(({ userId, pid, nickname, loginName }) => {
        const name = nickname || loginName
        return [
          [userId, name],
          [pid, name],
        ] as const
      }),
    ),
)

/** Every cell that names something asks: thousands of names are not gone through by each of them. */
function oncePerAnswer<Given extends object>(read: (answer: Given) => Names) {
  const known = new WeakMap<Given, Names>()
  return (answer: Given): Names => {
    const names = known.get(answer) ?? read(answer)
    known.set(answer, names)
    return names
  }
}
