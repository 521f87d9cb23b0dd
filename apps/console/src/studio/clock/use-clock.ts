import { type ClockState, getClock } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { noteServerTime } from '../api/server-time.ts'
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
    queryFn: async () => {
      const state = await ask(accountId, getClock)
      noteServerTime(state.now)
      return state
    },
    enabled: mayRead && noteOf('clock') === 'virtual',
    refetchInterval: EVERY_MS,
  })
  return data
}

/** How far the clock of a development server was moved, to the minute: what is shown is read again when it changes. */
export function useClockAhead(accountId: string): number {
  return Math.round((useClock(accountId)?.aheadMs ?? 0) / 60_000) * 60_000
}
