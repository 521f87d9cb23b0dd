import { getHealth } from '@parley/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { FunctionLink } from '../ui/function-link.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { boardWords as t } from './words.ts'

const EVERY_MS = 60_000

interface Props {
  accountId: string
  from: string
  isHeld: boolean
  /** How many conversations functions have answered. */
  answered: number
}

/** Functions that events have called in this time, and how many of their runs failed. */
export function FunctionRuns({ accountId, from, isHeld, answered }: Props) {
  const mayRead = useMay(accountId, 'report:read')
  const { data } = useQuery({
    queryKey: ['health', accountId, 'board', from],
    queryFn: () => ask(accountId, getHealth, { query: { from } }),
    enabled: mayRead,
    refetchInterval: isHeld ? false : EVERY_MS,
    meta: { isHeld },
    placeholderData: keepPreviousData,
  })
  const functions = data?.functions.filter(
    ({ eventId, invocations }) => eventId !== undefined && invocations > 0,
  )
  if (!functions || functions.length === 0) return null
  const runs = functions.reduce((sum, one) => sum + one.invocations, 0)
  const failed = functions.reduce((sum, one) => sum + one.failures, 0)
  return (
    <>
      <h2>{t.functions}</h2>
      <p>{t.functionsOf(answered, runs, failed)}</p>
      <PlainTable
        label={t.functions}
        rows={functions}
        keyOf={({ functionId }) => functionId}
        columns={[
          {
            head: t.function,
            cell: ({ functionId }) => <FunctionLink {...{ accountId, functionId }} />,
          },
          { head: t.runs, className: 'number', cell: ({ invocations }) => invocations },
          {
            head: t.failed,
            className: 'number',
            cell: ({ failures }) => <span className={failures > 0 ? 'bad' : ''}>{failures}</span>,
          },
        ]}
      />
    </>
  )
}
