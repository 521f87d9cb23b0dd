import { type FunctionDetail, getSourceTypes } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { loadPart } from '../api/load-part.ts'
import { ask } from '../api/server.ts'

/** Has the editor know the payload of the function's event and the toolbelt, while its page is open. */
export function useSourceTypes(accountId: string, { eventId }: FunctionDetail): void {
  const { data } = useQuery({
    queryKey: ['source-types', accountId, eventId],
    queryFn: () =>
      ask(accountId, getSourceTypes, { query: { ...(eventId !== undefined && { eventId }) } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!data) return undefined
    void declare(data.files)
    return () => void declare([])
  }, [data])
}

async function declare(files: readonly { name: string; text: string }[]): Promise<void> {
  const { declareTypes } = await loadPart(() => import('./monaco.ts'))
  declareTypes(files)
}
