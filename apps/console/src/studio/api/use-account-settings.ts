import { getAccountSettings } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from './server.ts'

/** All that an account can set but what has a path of its own, read once for all that show a part of it. */
export function useAccountSettings(accountId: string) {
  return useQuery({
    queryKey: ['settings', accountId],
    queryFn: () => ask(accountId, getAccountSettings),
  })
}
