import type { Permission } from '@parley/contract'
import { useSyncExternalStore } from 'react'
import { session, type SignedIn } from './session.ts'

/** Who is signed in to the account; `undefined` for nobody. */
export function useSession(accountId: string): SignedIn | undefined {
  return useSyncExternalStore(session.subscribe, () => session.of(accountId))
}

/** Whether the one who is signed in may do this. The server decides; this only leaves out what it would refuse. */
export function useMay(accountId: string, permission: Permission): boolean {
  return useSession(accountId)?.permissions.includes(permission) ?? false
}
