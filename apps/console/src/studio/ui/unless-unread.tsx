import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  query: { data: unknown; error: unknown; refetch: () => unknown }
  /** It is shown beside what is said, such as a filter in force, which can be taken away. */
  isKept?: boolean
  children: ReactNode
}

/** What needs a list to choose from: where it could not be read, that is said in its place, not that the list is empty. */
export function UnlessUnread({ query, isKept = false, children }: Props) {
  const { data, error, refetch } = query
  const isUnread = data === undefined && error !== null && error !== undefined
  // One place for both: what is open or has the focus keeps it while the list is read again.
  return (
    <>
      {isUnread && <ErrorNotice error={error} retry={() => void refetch()} />}
      {(!isUnread || isKept) && children}
    </>
  )
}
