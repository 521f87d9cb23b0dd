import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  query: { data: unknown; error: unknown; refetch: () => unknown }
  children: ReactNode
}

/** What needs a list to choose from: where it could not be read, that is said in its place, not that the list is empty. */
export function UnlessUnread({ query: { data, error, refetch }, children }: Props) {
  if (data !== undefined || error === null || error === undefined) return children
  return <ErrorNotice error={error} retry={() => void refetch()} />
}
