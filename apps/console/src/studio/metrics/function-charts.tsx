import {
  type DeploymentDetail,
  getAccountMetrics,
  getFunctionMetrics,
  listDeployments,
  type MetricBucket,
} from '@parley/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useClockAhead } from '../clock/use-clock.ts'
import { Chart, type ChartMark } from '../ui/chart.tsx'
import { Loaded } from '../ui/loaded.tsx'
import type { Since } from '../ui/since.ts'
import { locale } from '../words/index.ts'
import { metricWords as t } from '../words/metrics.ts'
import { ms } from '../words/runs.ts'
import { BUCKET_SECONDS, windowOf } from './window.ts'

/** The stream of updates is faster; this is for what it does not tell, such as that time goes on. */
const EVERY_MS = 60_000

interface Props {
  accountId: string
  /** All functions together without one. */
  functionId?: string | undefined
  since: Since
  /** What is shown stays, whatever happens meanwhile. */
  isHeld: boolean
}

/** One function, or all, over time: how often they ran and failed, and how long they took. */
export function FunctionCharts({ accountId, functionId, since, isHeld }: Props) {
  const aheadMs = useClockAhead(accountId)
  const query = useQuery({
    queryKey: ['metrics', accountId, functionId, since, aheadMs],
    queryFn: () => {
      const query = { ...windowOf(since), bucketSeconds: BUCKET_SECONDS[since] }
      return functionId === undefined
        ? ask(accountId, getAccountMetrics, { query })
        : ask(accountId, getFunctionMetrics, { params: { functionId }, query })
    },
    refetchInterval: isHeld ? false : EVERY_MS,
    meta: { isHeld },
    placeholderData: keepPreviousData,
  })
  const { data: deployed } = useQuery({
    queryKey: ['deployments', accountId, functionId],
    queryFn: () => ask(accountId, listDeployments, { params: { functionId: functionId ?? '' } }),
    enabled: functionId !== undefined,
  })
  return (
    <Loaded query={query}>
      {({ buckets }) => (
        <Charts {...{ accountId, functionId, since, buckets }} deployed={deployed?.deployments} />
      )}
    </Loaded>
  )
}

interface ChartsProps extends Omit<Props, 'isHeld'> {
  buckets: readonly MetricBucket[]
  deployed: readonly DeploymentDetail[] | undefined
}

function Charts({ accountId, functionId, since, buckets, deployed = [] }: ChartsProps) {
  const calls = sum(buckets.map((bucket) => bucket.SUCCEEDED + failuresOf(bucket)))
  const failures = sum(buckets.map(failuresOf))
  const ends = [timeOf(buckets.at(0)?.from), timeOf(buckets.at(-1)?.to)] as const
  const marks = marksOf(deployed, buckets)
  const slowest = Math.max(0, ...buckets.map(({ p99Ms = 0 }) => p99Ms))
  return (
    <>
      <p className="actions">
        <Link to="/$accountId/runs" params={{ accountId }} search={{ functionId, since }}>
          {t.toRuns}
        </Link>
        {failures > 0 && (
          <Link
            to="/$accountId/runs"
            params={{ accountId }}
            search={{ functionId, since, outcome: 'CODING_FAILURE' }}
          >
            {t.toFailures}
          </Link>
        )}
      </p>
      {calls === 0 ? (
        <p className="empty">{t.quiet}</p>
      ) : (
        <div className="charts">
          <Chart
            title={t.callsOverTime}
            summary={t.summary(calls, failures)}
            kind="bars"
            ends={ends}
            marks={marks}
            format={(value) => value.toLocaleString(locale)}
            series={[
              { name: t.succeeded, look: 'first', values: buckets.map((one) => one.SUCCEEDED) },
              { name: t.failed, look: 'second', values: buckets.map(failuresOf) },
            ]}
          >
            <Twin
              buckets={buckets}
              heads={[t.succeeded, t.failed, t.cold]}
              valuesOf={(one) =>
                [one.SUCCEEDED, failuresOf(one), one.coldStarts].map((value) =>
                  value.toLocaleString(locale),
                )
              }
            />
          </Chart>
          <Chart
            title={t.latencyOverTime}
            summary={t.latencySummary(ms(slowest))}
            kind="lines"
            ends={ends}
            marks={marks}
            format={ms}
            series={[
              { name: t.p50, look: 'first', values: buckets.map(({ p50Ms }) => p50Ms) },
              { name: t.p95, look: 'second', values: buckets.map(({ p95Ms }) => p95Ms) },
              { name: t.p99, look: 'third', values: buckets.map(({ p99Ms }) => p99Ms) },
            ]}
          >
            <Twin
              buckets={buckets}
              heads={[t.p50, t.p95, t.p99]}
              valuesOf={({ p50Ms, p95Ms, p99Ms }) =>
                [p50Ms, p95Ms, p99Ms].map((value) => (value === undefined ? '–' : ms(value)))
              }
            />
          </Chart>
        </div>
      )}
    </>
  )
}

interface TwinProps {
  buckets: readonly MetricBucket[]
  heads: readonly string[]
  valuesOf: (bucket: MetricBucket) => readonly string[]
}

/** What a chart shows, as a table; times in which nothing ran are left out. */
function Twin({ buckets, heads, valuesOf }: TwinProps) {
  return (
    <details>
      <summary>{t.asTable}</summary>
      <div className="table-frame" role="group" aria-label={t.asTable} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.from}</th>
              {heads.map((head) => (
                <th key={head} scope="col" className="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets
              .filter((one) => one.SUCCEEDED + failuresOf(one) > 0)
              .map((one) => (
                <tr key={one.from}>
                  <th scope="row">{timeOf(one.from)}</th>
                  {valuesOf(one).map((value, index) => (
                    <td key={heads[index]} className="number">
                      {value}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** What was deployed in the time that is shown, where in it, oldest first. */
function marksOf(
  deployments: readonly DeploymentDetail[],
  buckets: readonly MetricBucket[],
): ChartMark[] {
  const [begin, end] = [Date.parse(buckets[0]?.from ?? ''), Date.parse(buckets.at(-1)?.to ?? '')]
  return deployments
    .filter(({ state }) => state === 'Deploy Finish')
    .map(({ version, createdAt, createdBy }) => ({
      place: (Date.parse(createdAt) - begin) / (end - begin),
      text: t.deployed(version, time.format(new Date(createdAt)), createdBy),
    }))
    .filter(({ place }) => place >= 0 && place <= 1)
    .toSorted((a, b) => a.place - b.place)
}

function failuresOf({ CODING_FAILURE, PLATFORM_FAILURE, TIMEOUT, UNKOWN }: MetricBucket): number {
  return CODING_FAILURE + PLATFORM_FAILURE + TIMEOUT + UNKOWN
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const time = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' })
const timeOf = (at: string | undefined): string =>
  at === undefined ? '' : time.format(new Date(at))
