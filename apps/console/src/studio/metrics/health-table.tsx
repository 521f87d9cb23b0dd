import { type FunctionHealth, getHealth } from '@parley/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowDown, Turtle } from 'lucide-react'
import { ask } from '../api/server.ts'
import { useClockAhead } from '../clock/use-clock.ts'
import { FirstRows } from '../ui/first-rows.tsx'
import { Loaded } from '../ui/loaded.tsx'
import type { Since } from '../ui/since.ts'
import { locale } from '../words/index.ts'
import { metricWords as t } from '../words/metrics.ts'
import { ms } from '../words/runs.ts'
import { METRIC_SORTS, type MetricSort } from './sorts.ts'
import { windowOf } from './window.ts'

/** The stream of updates is faster; this is for what it does not tell, such as that time goes on. */
const EVERY_MS = 60_000

const VALUES: Record<MetricSort, (one: FunctionHealth) => number | undefined> = {
  calls: ({ invocations }) => invocations,
  errors: ({ failures }) => failures,
  rate: ({ invocations, failures }) => (invocations === 0 ? undefined : failures / invocations),
  p50: ({ p50Ms }) => p50Ms,
  p95: ({ p95Ms }) => p95Ms,
  p99: ({ p99Ms }) => p99Ms,
  cold: ({ coldStarts }) => coldStarts,
}

interface Props {
  accountId: string
  since: Since
  /** What is shown stays, whatever happens meanwhile. */
  isHeld: boolean
  sort: MetricSort | undefined
  onSort: (sort: MetricSort | undefined) => void
}

/** All functions beside each other: by name, or what is most first. */
export function HealthTable({ accountId, since, isHeld, sort, onSort }: Props) {
  const aheadMs = useClockAhead(accountId)
  const query = useQuery({
    queryKey: ['health', accountId, since, aheadMs],
    queryFn: () => ask(accountId, getHealth, { query: windowOf(since) }),
    refetchInterval: isHeld ? false : EVERY_MS,
    meta: { isHeld },
    placeholderData: keepPreviousData,
  })
  return (
    <Loaded query={query}>
      {({ functions }) =>
        functions.length === 0 ? (
          <p className="empty">{t.none}</p>
        ) : (
          <Health {...{ accountId, since, sort, onSort, functions }} />
        )
      }
    </Loaded>
  )
}

interface HealthProps extends Pick<Props, 'accountId' | 'since' | 'sort' | 'onSort'> {
  functions: readonly FunctionHealth[]
}

function Health({ accountId, since, sort, onSort, functions: all }: HealthProps) {
  const functions = all.toSorted((a, b) =>
    sort === undefined
      ? a.name.localeCompare(b.name)
      : (VALUES[sort](b) ?? -1) - (VALUES[sort](a) ?? -1),
  )
  return (
    <FirstRows rows={functions}>
      {(drawn) => (
        <div className="table-frame" role="group" aria-label={t.title} tabIndex={0}>
          <table role="table" aria-label={t.title} className="stacks sortable figures">
            <thead role="rowgroup">
              <tr role="row">
                <SortHead
                  name={t.function}
                  sorted={sort === undefined ? 'ascending' : 'none'}
                  onSort={() => onSort(undefined)}
                />
                {METRIC_SORTS.map((id) => (
                  <SortHead
                    key={id}
                    name={t[id]}
                    className="number"
                    sorted={sort === id ? 'descending' : 'none'}
                    onSort={() => onSort(id)}
                  />
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {drawn.map((one) => (
                <tr key={one.functionId} role="row">
                  <th role="rowheader" scope="row">
                    <Link
                      to="/$accountId/metrics"
                      params={{ accountId }}
                      search={{ functionId: one.functionId, since }}
                    >
                      <bdi>{one.name}</bdi>
                    </Link>{' '}
                    {one.slow && (
                      <span className="chip warn" title={t.slowHint}>
                        <Turtle aria-hidden size={14} />
                        {t.slow}
                      </span>
                    )}
                  </th>
                  {METRIC_SORTS.map((id) => (
                    <td key={id} role="cell" data-head={t[id]} className="number">
                      {shown(id, VALUES[id](one))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </FirstRows>
  )
}

interface SortHeadProps {
  name: string
  className?: string
  sorted: 'ascending' | 'descending' | 'none'
  onSort: () => void
}

function SortHead({ name, className, sorted, onSort }: SortHeadProps) {
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={sorted}>
      <button type="button" className="sort" aria-label={t.sortBy(name)} onClick={onSort}>
        {name}
        {sorted === 'descending' && <ArrowDown aria-hidden size={13} />}
      </button>
    </th>
  )
}

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })

function shown(id: MetricSort, value: number | undefined): string {
  if (value === undefined) return '–'
  if (id === 'rate') return percent.format(value)
  return id.startsWith('p') ? ms(value) : value.toLocaleString(locale)
}
