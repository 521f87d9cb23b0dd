import { checkSource, type FunctionDetail, type SourceProblem } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../api/server.ts'

const PAUSE_MS = 400

/** What saving would say, as the server says it, soon after the last key. */
export function useProblems(
  accountId: string,
  detail: FunctionDetail | undefined,
  code: string,
): readonly SourceProblem[] {
  const [settled, setSettled] = useState(code)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(code), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [code])
  const { data } = useQuery({
    queryKey: ['source-check', accountId, detail?.eventId, detail?.language, settled],
    queryFn: () =>
      ask(accountId, checkSource, {
        body: {
          code: settled,
          ...(detail?.eventId !== undefined && { eventId: detail.eventId }),
          // A source in JavaScript may become TypeScript by what is written into it.
          ...(detail?.language === 'typescript' && { language: detail.language }),
        },
      }),
    enabled: detail !== undefined && settled !== '',
    placeholderData: (before) => before,
    gcTime: 60_000,
  })
  return data ? [...data.problems, ...data.warnings] : []
}
