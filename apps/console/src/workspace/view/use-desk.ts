import { getCaller } from '@parley/contract'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { ask, ServerError } from '../../studio/api/server.ts'
import { type Desk, openDesk } from '../desk/desk.ts'
import { refusalOf } from '../desk/notice.ts'
import type { State } from '../desk/state.ts'
import { goTo } from '../place.ts'

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
          (error: unknown) => (isSessionOver(error) ? false : undefined),
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

function isSessionOver(error: unknown): boolean {
  return error instanceof ServerError && error.status === 401
}

/** Back to the list, unless the agent has gone on to something else before it was answered. */
export function goBack(desk: Desk, accountId: string, conversationId: string): void {
  if (desk.state().selected === conversationId) goTo(accountId)
}

/** What an agent asks for and the server may refuse: the notice says why. Resolves whether it was done. */
export async function attempt(desk: Desk, doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing
    desk.tell(undefined)
    return true
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal !== undefined) desk.tell(refusal)
    return false
  }
}
