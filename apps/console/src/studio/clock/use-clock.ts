import { type ClockState, getClock } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { noteOf } from '../page-notes.ts'
import { useMay } from '../session/use-session.ts'

const EVERY_MS = 5_000

export const clockKey = (accountId: string) => ['clock', accountId]

/** The clock of a development server; nothing where it is that of the system, or not for the user to see. */
export function useClock(accountId: string): ClockState | undefined {
  const mayRead = useMay(accountId, 'account:write')
  const { data } = useQuery({
    queryKey: clockKey(accountId),
    queryFn: () => ask(accountId, getClock),
    enabled: mayRead && noteOf('clock') === 'virtual',
    refetchInterval: EVERY_MS,
  })
  return data
}

/** How far the server's time is ahead of the browser's, to the minute. */
export function useClockAhead(accountId: string): number {
  return Math.round((useClock(accountId)?.aheadMs ?? 0) / 60_000) * 60_000
}
