import { QueryClient } from '@tanstack/react-query'
import { ServerError } from './server.ts'

/** What a request that was refused would be refused again; only silence is tried again. */
const isWorthARetry = (failures: number, error: unknown): boolean =>
  failures < 3 && error instanceof ServerError && (error.status === 0 || error.status === 503)

export const queries = new QueryClient({
  defaultOptions: {
    // What the browser believes of its network says nothing about the server, which may be on this machine.
    queries: { staleTime: 5_000, retry: isWorthARetry, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})
