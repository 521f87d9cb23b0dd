import type { ReactNode } from 'react'
import { type Asked, useUnread } from './use-unread.tsx'

interface Props {
  query: Asked
  /** It is shown beside what is said, such as a filter in force, which can be taken away. */
  isKept?: boolean
  children: ReactNode
}

/** What needs a list to choose from: where it could not be read, that is said in its place, not that the list is empty. */
export function UnlessUnread({ query, isKept = false, children }: Props) {
  const { unread, notice } = useUnread(query)
  const isUnread = query.data === undefined && unread !== undefined
  // One place for both: what is open or has the focus keeps it while the list is read again.
  return (
    <>
      {isUnread && notice}
      {(!isUnread || isKept) && children}
    </>
  )
}
