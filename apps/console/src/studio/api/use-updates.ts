import { useEffect } from 'react'
import { loadPart } from './load-part.ts'

/** Keeps what the pages of an account show as it is on the server, as long as somebody is signed in. */
export function useUpdates(accountId: string, bearer: string | undefined): void {
  useEffect(() => {
    if (bearer === undefined) return undefined
    const stop = new AbortController()
    // The first page does not wait for it.
    void loadPart(() => import('./follow-updates.ts')).then(({ followUpdates }) =>
      followUpdates(accountId, stop.signal),
    )
    return () => stop.abort()
  }, [accountId, bearer])
}
