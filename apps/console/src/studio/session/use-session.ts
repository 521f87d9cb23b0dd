import { getCaller, type Permission } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { ask } from '../api/server.ts'
import { session, type SignedIn } from './session.ts'

/** Who is signed in to the account; `undefined` for nobody. */
export function useSession(accountId: string): SignedIn | undefined {
  return useSyncExternalStore(session.subscribe, () => session.of(accountId))
}

const NO_RIGHTS: readonly Permission[] = []

/** What the one whose page it is may do: where the session has ended, the page stays as it is, with what was typed into it. */
export function useRights(accountId: string): readonly Permission[] {
  const { permissions = NO_RIGHTS } =
    useSyncExternalStore(session.subscribe, () => session.lastOf(accountId)) ?? {}
  return permissions
}

/** Whether that one may do this. The server decides; this only leaves out what it would refuse. */
export function useMay(accountId: string, permission: Permission): boolean {
  return useRights(accountId).includes(permission)
}

/** The caller as the server has it, while somebody is signed in. */
export function useCaller(
  { accountId, bearer }: Pick<SignedIn, 'accountId' | 'bearer'>,
  isSignedIn: boolean,
) {
  const { data } = useQuery({
    // Told of with all users; what was said of a session that has ended does not count for the next one.
    queryKey: ['users', accountId, 'own', bearer],
    queryFn: () => ask(accountId, getCaller),
    enabled: isSignedIn,
  })
  return data
}

const NOBODY = { accountId: '', bearer: '' }

/** Keeps what is known of the caller as the server has it: rights and names change while pages are open. */
export function useRenewedSession(signedIn: SignedIn | undefined): void {
  const caller = useCaller(signedIn ?? NOBODY, signedIn !== undefined)
  useEffect(() => {
    if (signedIn && caller) {
      session.renew(signedIn, { permissions: caller.permissions, accountName: caller.accountName })
    }
  }, [signedIn, caller])
}
