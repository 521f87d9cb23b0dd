import { QueryClient } from '@tanstack/react-query'
import { session } from '../session/session.ts'
import { ServerError } from './server.ts'

/** What a request that was refused would be refused again; only silence is tried again. */
const isWorthARetry = (failures: number, error: unknown): boolean =>
  failures < 3 &&
  error instanceof ServerError &&
  (error.code === 'unreachable' || error.status === 503)

export const queries = new QueryClient({
  defaultOptions: {
    // What the browser believes of its network says nothing about the server, which may be on this machine.
    queries: { staleTime: 5_000, retry: isWorthARetry, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

const readers = new Map<string, string>()

/** What one user was shown is not for the next one at the same browser. Listens before pages do. */
function forgetFormerReader(): void {
  for (const accountId of session.accounts()) {
    const reader = session.of(accountId)?.loginName
    if (reader === undefined) continue
    const former = readers.get(accountId)
    readers.set(accountId, reader)
    if (former !== undefined && former !== reader) queries.clear()
  }
}
forgetFormerReader()
session.subscribe(forgetFormerReader)
