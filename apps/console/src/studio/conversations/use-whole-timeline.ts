import { useEffect } from 'react'

/** So many pages are read at once; the rest when it is asked for. */
const PAGES_AT_ONCE = 10

interface Paged {
  data: { pages: readonly unknown[] } | undefined
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** Reads a timeline page by page. Answers whether there is more that has to be asked for. */
export function useWholeTimeline(query: Paged): boolean {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const read = data?.pages.length ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && read < PAGES_AT_ONCE) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, read])
  return hasNextPage && read >= PAGES_AT_ONCE
}
