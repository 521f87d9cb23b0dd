import { getCaller, type Permission } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { ask } from '../api/server.ts'
import { session, type SignedIn } from './session.ts'

/** Who is signed in to the account; `undefined` for nobody. */
export function useSession(accountId: string): SignedIn | undefined {
  return useSyncExternalStore(session.subscribe, () => session.of(accountId))
}

/** Whether the one who is signed in may do this. The server decides; this only leaves out what it would refuse. */
export function useMay(accountId: string, permission: Permission): boolean {
  return useSession(accountId)?.permissions.includes(permission) ?? false
}

/** Keeps what is known of the caller as the server has it: rights and names change while pages are open. */
export function useRenewedSession(signedIn: SignedIn | undefined): void {
  const accountId = signedIn?.accountId ?? ''
  const { data } = useQuery({
    // Told of with all users.
    queryKey: ['users', accountId, 'own'],
    queryFn: () => ask(accountId, getCaller),
    enabled: signedIn !== undefined,
  })
  useEffect(() => {
    if (signedIn && data) {
      session.renew(signedIn, { permissions: data.permissions, accountName: data.accountName })
    }
  }, [signedIn, data])
}
