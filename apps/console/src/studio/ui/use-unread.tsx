import { type ReactNode, useRef } from 'react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'

export interface Asked {
  data: unknown
  error: unknown
  isFetching: boolean
  errorUpdateCount: number
  /** What is shown meanwhile is an answer to something else. */
  isPlaceholderData?: boolean
  refetch: () => unknown
}

/**
 * Why something could not be read, also while it is read again: the button that asks for that keeps the focus, and whoever listens does
 * not hear the same each time that it fails.
 */
export function useUnread(query: Asked): { unread: unknown; notice: ReactNode } {
  const { data, error, isFetching, errorUpdateCount, isPlaceholderData = false, refetch } = query
  const last = useRef<unknown>(undefined)
  const isAgain = isFetching && errorUpdateCount > 0 && (data === undefined || isPlaceholderData)
  if (!isAgain || (error ?? undefined) !== undefined) last.current = error ?? undefined
  const notice = last.current !== undefined && (
    <ErrorNotice error={last.current}>
      <Button isPending={isFetching} onPress={() => void refetch()}>
        {words.common.retry}
      </Button>
    </ErrorNotice>
  )
  return { unread: last.current, notice }
}

/** Several requests as one: those of them that failed are read again together. */
export function together(queries: readonly Asked[]): Asked {
  const unread = queries.filter(
    ({ data, error, isFetching, errorUpdateCount }) =>
      (error ?? undefined) !== undefined ||
      (isFetching && errorUpdateCount > 0 && data === undefined),
  )
  return {
    data: unread.length === 0 || undefined,
    error: unread.find(({ error }) => (error ?? undefined) !== undefined)?.error,
    isFetching: unread.some(({ isFetching }) => isFetching),
    errorUpdateCount: unread.length,
    refetch: () => unread.forEach(({ refetch }) => void refetch()),
  }
}
