import { ACTIVITY_TOPICS, listActivities } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Empty } from '../ui/empty.tsx'
import { Filter } from '../ui/filter.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { activityTold } from '../words/activities-told.ts'
import { activityWords } from '../words/activity.ts'
import { operateWords } from '../words/operate.ts'

const PATH = '/$accountId/activity'
const PAGE = 50
const REFRESH_MS = 30_000

/** Who changed functions, and what. */
export function ActivityPage() {
  const { accountId } = useParams({ from: PATH })
  const search = useSearch({ from: PATH })
  const { functionId, topic } = search
  const navigate = useNavigate({ from: PATH })
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  const mayAudit = useMay(accountId, 'audit:read')
  const mayReadSource = useMay(accountId, 'function:source')
  const t = activityWords
  const query = useInfiniteQuery({
    queryKey: ['activities', accountId, functionId, topic],
    queryFn: ({ pageParam }) =>
      ask(accountId, listActivities, {
        query: { functionId, topic, beforeId: pageParam, limit: PAGE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ activities }) =>
      activities.length < PAGE ? undefined : activities.at(-1)?.activityId,
    refetchInterval: REFRESH_MS,
  })
  return (
    <Page
      title={t.title}
      actions={
        mayAudit && (
          <Link to="/$accountId/audit" params={{ accountId }} className="button">
            {t.toAudit}
          </Link>
        )
      }
    >
      <p className="faint">{t.intro}</p>
      <div className="filters">
        <FunctionFilter
          accountId={accountId}
          value={functionId}
          onChange={(id) => change({ functionId: id })}
        />
        <Filter
          label={t.topic}
          value={topic}
          options={ACTIVITY_TOPICS.map((id) => ({ id, name: t.topics[id] }))}
          onChange={(id) => change({ topic: id })}
        />
      </div>
      <Listed
        label={t.title}
        query={query}
        rowsOf={({ pages }) => pages.flatMap(({ activities }) => activities)}
        keyOf={({ activityId }) => activityId}
        empty={
          <Empty text={functionId === undefined && topic === undefined ? t.none : t.noneSuch} />
        }
        columns={[
          {
            head: t.what,
            cell: ({ activity, description }) => (
              <>
                <strong>{activityTold(activity)}</strong> <bdi>{activityTold(description)}</bdi>
              </>
            ),
          },
          { head: t.person, cell: ({ actor }) => <bdi>{actor}</bdi> },
          { head: t.when, cell: ({ at }) => <Ago at={at} /> },
          {
            head: operateWords.function,
            cell: ({ functionId: id, fromVersion: from, toVersion: to }) =>
              id !== undefined && (
                <>
                  <FunctionLink accountId={accountId} functionId={id} />
                  {mayReadSource && from !== undefined && to !== undefined && (
                    <Link
                      className="line"
                      to="/$accountId/functions/$functionId/versions"
                      params={{ accountId, functionId: id }}
                      search={{ from, to }}
                    >
                      {t.compare(from, to)}
                    </Link>
                  )}
                </>
              ),
          },
        ]}
      />
    </Page>
  )
}
