import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { Waiting } from './waiting.tsx'

interface Props<Data> {
  query: { data: Data | undefined; error: unknown; refetch: () => unknown }
  children: (data: Data) => ReactNode
}

/** What a request has brought; until then that it is on its way, or what went wrong. What is there stays while it is asked again. */
export function Loaded<Data>({ query: { data, error, refetch }, children }: Props<Data>) {
  return (
    <>
      {error !== null && error !== undefined && (
        <ErrorNotice error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && children(data)}
      {data === undefined && (error === null || error === undefined) && <Waiting />}
    </>
  )
}
