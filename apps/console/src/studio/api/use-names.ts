import { listFunctions, listSkills } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type * as z from 'zod'
import { useMay } from '../session/use-session.ts'
import { ask } from './server.ts'
import { useUserNames } from './use-user-names.ts'

const STALE_MS = 60_000

/** Names of functions, skills and people by their ids; the id itself where there is no name, or the user may not read it. */
export function useNames(accountId: string) {
  const functions = useFunctions(accountId)
  const skills = useSkills(accountId)
  const users = useUserNames(accountId)
  return useMemo(() => ({ ...functions, ...skills, ...users }), [functions, skills, users])
}

export function useFunctions(accountId: string) {
  const { data, error, isLoading, errorUpdateCount, refetch } = useQuery({
    queryKey: ['functions', accountId],
    queryFn: () => ask(accountId, listFunctions),
    enabled: useMay(accountId, 'function:read'),
    staleTime: STALE_MS,
  })
  return useMemo(
    () => ({
      /** Whether the functions are there already. */
      isLoaded: data !== undefined,
      functions: data?.functions ?? [],
      functionsQuery: { data, error, isFetching: isLoading, errorUpdateCount, refetch },
      functionName: (id: string) => (data && functionNames(data).get(id)) ?? id,
    }),
    [data, error, isLoading, errorUpdateCount, refetch],
  )
}

export function useSkills(accountId: string) {
  const { data, error, isLoading, errorUpdateCount, refetch } = useQuery({
    queryKey: ['skills', accountId],
    queryFn: () => ask(accountId, listSkills),
    enabled: useMay(accountId, 'account:read'),
    staleTime: STALE_MS,
  })
  return useMemo(
    () => ({
      skills: data?.skills ?? [],
      skillsQuery: { data, error, isFetching: isLoading, errorUpdateCount, refetch },
      skillName: (id: string) => (data && skillNames(data).get(id)) ?? id,
    }),
    [data, error, isLoading, errorUpdateCount, refetch],
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
/** Every cell that names something asks: thousands of names are not gone through by each of them. */
function oncePerAnswer<Given extends object>(read: (answer: Given) => Names) {
  const known = new WeakMap<Given, Names>()
  return (answer: Given): Names => {
    const names = known.get(answer) ?? read(answer)
    known.set(answer, names)
    return names
  }
}
