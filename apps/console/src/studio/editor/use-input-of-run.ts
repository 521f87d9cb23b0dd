import { getInvocation } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { ask } from '../api/server.ts'
import { payloadOf } from './payload-bar.tsx'

const ROUTE = '/$accountId/functions/$functionId'

/** Takes the input of the run that the address names, once: it is not taken again over what was typed since. */
export function useInputOfRun(accountId: string, take: (payload: unknown) => void): void {
  const { run: recordId } = useSearch({ from: ROUTE })
  const navigate = useNavigate({ from: ROUTE })
  const taking = useRef(take)
  taking.current = take
  const { data } = useQuery({
    queryKey: ['run', accountId, recordId],
    queryFn: () => ask(accountId, getInvocation, { params: { recordId: recordId ?? '' } }),
    enabled: recordId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!data || recordId === undefined) return
    const payload = payloadOf(data.input)
    if (payload !== undefined) taking.current(payload)
    void navigate({ search: (old) => ({ ...old, run: undefined }), replace: true })
  }, [data, recordId, navigate])
}
