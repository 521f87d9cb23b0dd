import { getCaller } from '@parley/contract'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { ask } from '../../studio/api/server.ts'
import { type Desk, openDesk } from '../desk/desk.ts'
import type { State } from '../desk/state.ts'

interface Wanted {
  accountId: string
  userId: string
  pid: string
  /** Absent while the session is over. */
  bearer: string | undefined
}

/** The desk of this agent: one for the page, whatever token it is connected with. */
export function useDesk({ accountId, userId, pid, bearer }: Wanted): Desk {
  const [desk] = useState(() =>
    openDesk({
      accountId,
      userId,
      pid,
      isStillSignedIn: () =>
        ask(accountId, getCaller).then(
          () => true,
          () => false,
        ),
    }),
  )
  useEffect(() => {
    if (bearer === undefined) return undefined
    desk.connect(bearer)
    return () => desk.stop()
  }, [desk, bearer])
  return desk
}

export function useDeskState(desk: Desk): State {
  return useSyncExternalStore(desk.subscribe, desk.state)
}

/** What an agent asks for and the server may refuse: the notice says why. Resolves whether it was done. */
export async function attempt(desk: Desk, doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing
    desk.dismissNotice()
    return true
  } catch (error) {
    desk.fail(error)
    return false
  }
}
