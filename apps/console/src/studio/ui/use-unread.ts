import { useRef } from 'react'

export interface Asked {
  data: unknown
  error: unknown
  isFetching?: boolean
  errorUpdateCount?: number
}

/**
 * Why something could not be read, also while it is read again: the button that asks for that keeps the focus, and whoever listens does
 * not hear the same each time that it fails.
 */
export function useUnread({ data, error, isFetching = false, errorUpdateCount = 0 }: Asked) {
  const last = useRef<unknown>(undefined)
  const isAgain = isFetching && errorUpdateCount > 0 && data === undefined
  if (!isAgain || (error ?? undefined) !== undefined) last.current = error ?? undefined
  return { unread: last.current, isReading: isFetching }
}
