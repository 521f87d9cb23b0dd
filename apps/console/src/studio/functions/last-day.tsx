import { getHealth } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { locale } from '../words/index.ts'
import { metricWords as t } from '../words/metrics.ts'

const EVERY_MS = 60_000

interface Props {
  accountId: string
  functionId: string
}

/** How often a function ran in the last 24 hours, and how often it failed. All rows share one question. */
export function LastDay({ accountId, functionId }: Props) {
  const { data } = useQuery({
    queryKey: ['health', accountId],
    queryFn: () => ask(accountId, getHealth),
    refetchInterval: EVERY_MS,
  })
  const one = data?.functions.find((found) => found.functionId === functionId)
  if (!one || one.invocations === 0) return <span className="faint">{data ? '0' : '…'}</span>
  const { invocations, failures } = one
  const search = { functionId }
  return (
    <>
      <Link to="/$accountId/metrics" params={{ accountId }} search={search} preload={false}>
        {invocations.toLocaleString(locale)}
      </Link>
      {failures > 0 && (
        <Link
          to="/$accountId/runs"
          params={{ accountId }}
          search={{ functionId, since: 'day' }}
          preload={false}
          className="bad line"
        >
          {t.failedOf(failures)}
        </Link>
      )}
    </>
  )
}
