import { listFunctionEvents } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from './server.ts'

/** The catalogue of events, which only another version of the server changes. */
export function useFunctionEvents(accountId: string) {
  return useQuery({
    queryKey: ['function-events', accountId],
    queryFn: () => ask(accountId, listFunctionEvents),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
