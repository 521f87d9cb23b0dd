import { useEffect } from 'react'

/** So many pages are read at once; the rest when it is asked for. */
const PAGES_AT_ONCE = 10

interface Paged {
  data: { pages: readonly unknown[] } | undefined
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => unknown
}

/** Reads a timeline page by page, until one cannot be read. Answers whether there is more that has to be asked for. */
export function useWholeTimeline(query: Paged): boolean {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const read = data?.pages.length ?? 0
  const goesOn = read < PAGES_AT_ONCE && !isFetchNextPageError
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && goesOn) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, goesOn, fetchNextPage, read])
  return hasNextPage && !goesOn
}
