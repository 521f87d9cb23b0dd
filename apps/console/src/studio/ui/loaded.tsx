import type { ReactNode } from 'react'
import { type Asked, useUnread } from './use-unread.tsx'
import { Waiting } from './waiting.tsx'

interface Props<Data> {
  query: Asked & { data: Data | undefined }
  children: (data: Data) => ReactNode
}

/** What a request has brought; until then that it is on its way, or what went wrong. What is there stays while it is asked again. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const { data } = query
  const { unread, notice } = useUnread(query)
  return (
    <>
      {notice}
      {data !== undefined && children(data)}
      {data === undefined && unread === undefined && <Waiting />}
    </>
  )
}
