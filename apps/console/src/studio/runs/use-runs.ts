import { type InvocationState, listInvocations, type WholeInvocation } from '@parley/contract'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { ask } from '../api/server.ts'
import { serverNow } from '../api/server-time.ts'
import { together } from '../ui/use-unread.tsx'
import { type Since, SINCE_MS } from '../ui/since.ts'

const PAGE = 250
/** The stream of updates is faster; this is for what it does not tell. */
const EVERY_MS = 30_000
/** A run is listed when it has ended: one that took long began before what is listed already. */
const MAX_RUN_MS = 120_000

export interface RunFilter {
  functionId?: string | undefined
  eventId?: string | undefined
  conversationId?: string | undefined
  outcome?: InvocationState | undefined
  version?: number | undefined
  since?: Since | undefined
}

/**
 * Runs that fit, newest first: as many pages as were asked for, and those that have ended since.
 * @param isHeld what is shown stays
 */
export function useRuns(
  accountId: string,
  { outcome, since, ...filter }: RunFilter,
  isHeld: boolean,
) {
  const client = useQueryClient()
  const queryKey = ['runs', accountId, filter, outcome, since]
  const read = (page: { after?: string | undefined; from?: string | undefined; limit: number }) =>
    ask(accountId, listInvocations, {
      query: { ...filter, outcome: outcome && [outcome], ...page },
    })
  const first = since && new Date(serverNow() - SINCE_MS[since]).toISOString()
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read({ after: pageParam, from: first, limit: PAGE }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    // Whoever comes back to the page wants to see what is new.
    gcTime: 0,
  })
  const newestAt = pages.data?.pages[0]?.invocations.at(-1)?.startedAt
  const newer = useQuery({
    queryKey: ['newer-runs', accountId, filter, outcome, since, newestAt],
    queryFn: () =>
      read({
        from:
          newestAt === undefined
            ? first
            : new Date(Date.parse(newestAt) - MAX_RUN_MS).toISOString(),
        limit: PAGE,
      }),
    enabled: pages.data !== undefined,
    refetchInterval: EVERY_MS,
    gcTime: 0,
  })
  // More has come than one page holds: there would be a gap.
  const oldestNew =
    newer.data?.next === undefined ? undefined : newer.data.invocations[0]?.startedAt
  const hasGap = oldestNew !== undefined && newestAt !== undefined && oldestNew > newestAt
  useEffect(() => {
    if (hasGap && !isHeld) void client.resetQueries({ queryKey: ['runs', accountId] })
  }, [hasGap, isHeld, client, accountId])

  const runs = useMemo(
    () =>
      merged(
        newer.data?.invocations,
        pages.data?.pages.map((page) => page.invocations),
      ),
    [newer.data, pages.data],
  )
  return {
    runs: pages.data && runs,
    query: together([pages, newer]),
    hasMore: pages.hasNextPage,
    more: () => {
      if (!pages.isFetchingNextPage) void pages.fetchNextPage()
    },
  }
}

/** Pages come with their oldest first, the newest page first. */
function merged(
  newer: readonly WholeInvocation[] = [],
  pages: readonly (readonly WholeInvocation[])[] = [],
): WholeInvocation[] {
  const all = new Map(
    [newer, ...pages].flatMap((page) => page.toReversed()).map((run) => [run.recordId, run]),
  )
  return [...all.values()].toSorted(
    (a, b) => b.startedAt.localeCompare(a.startedAt) || b.recordId.localeCompare(a.recordId),
  )
}
