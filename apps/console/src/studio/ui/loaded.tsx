import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { type Asked, useUnread } from './use-unread.ts'
import { Waiting } from './waiting.tsx'

interface Props<Data> {
  query: Asked & { data: Data | undefined; refetch: () => unknown }
  children: (data: Data) => ReactNode
}

/** What a request has brought; until then that it is on its way, or what went wrong. What is there stays while it is asked again. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const { data, refetch } = query
  const { unread, isReading } = useUnread(query)
  return (
    <>
      {unread !== undefined && (
        <ErrorNotice error={unread} retry={() => void refetch()} isRetrying={isReading} />
      )}
      {data !== undefined && children(data)}
      {data === undefined && unread === undefined && <Waiting />}
    </>
  )
}
