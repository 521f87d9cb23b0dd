import { type AuditEntry, exportAudit, exportAuditCsv, listAudit } from '@parley/contract'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { save } from '../api/save.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { DateRange } from '../ui/date-range.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Filter } from '../ui/filter.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { SearchForm } from '../ui/search-form.tsx'
import { Ago } from '../ui/time.tsx'
import { activityWords } from '../words/activity.ts'

const PATH = '/$accountId/audit'
const OUTCOMES = ['unknown', 'failed', 'refused'] as const

/** Who changed or read what in the account, from where and by which key. */
export function AuditPage() {
  const { accountId } = useParams({ from: PATH })
  const search = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const t = activityWords
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  const query = useInfiniteQuery({
    queryKey: ['audit', accountId, search],
    queryFn: ({ pageParam }) =>
      ask(accountId, listAudit, { query: { ...search, after: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    // Reading it is noted in it: not by itself.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const download = useMutation({
    mutationFn: (spec: typeof exportAudit | typeof exportAuditCsv) =>
      save(accountId, spec, search, spec === exportAudit ? 'audit.jsonl' : 'audit.csv'),
  })
  return (
    <Page
      title={t.audit}
      actions={
        <>
          <Button isPending={download.isPending} onPress={() => download.mutate(exportAuditCsv)}>
            {t.csv}
          </Button>
          <Button isPending={download.isPending} onPress={() => download.mutate(exportAudit)}>
            {t.jsonLines}
          </Button>
        </>
      }
    >
      <p className="faint">{t.auditIntro}</p>
      {download.error && <ErrorNotice error={download.error} />}
      <div className="filters" role="search">
        <SearchForm
          fields={[
            { name: 'actor', label: t.person },
            { name: 'object', label: t.object, hint: t.objectHint },
            { name: 'action', label: t.action, hint: t.actionHint },
          ]}
          values={search}
          onSearch={change}
        />
        <Filter
          label={t.outcome}
          value={search.outcome}
          options={OUTCOMES.map((id) => ({ id, name: t.outcomes[id] }))}
          onChange={(outcome) => change({ outcome })}
        />
        <DateRange from={search.from} to={search.to} onChange={change} />
      </div>
      <Listed
        label={t.audit}
        query={query}
        rowsOf={({ pages }) => pages.flatMap(({ entries }) => entries)}
        keyOf={({ auditId }) => auditId}
        empty={<p className="empty">{t.noEntries}</p>}
        columns={[
          {
            head: t.action,
            cell: ({ action, count }) => (
              <>
                <code>{action}</code> {count !== undefined && t.times(count)}
              </>
            ),
          },
          { head: t.object, cell: ({ object }) => <bdi className="cut">{object}</bdi> },
          { head: t.person, cell: ({ actor }) => <bdi>{actor}</bdi> },
          { head: t.when, cell: ({ at }) => <Ago at={at} /> },
          { head: t.outcome, cell: (entry) => <Outcome entry={entry} /> },
          {
            head: t.address,
            cell: ({ address, via }) => (
              <>
                <bdi>{address}</bdi>
                {via !== undefined && (
                  <span className="faint line">
                    {t.via} {via}
                  </span>
                )}
              </>
            ),
          },
          {
            head: t.details,
            cell: ({ details, action }) =>
              Object.keys(details).length > 0 && (
                <details>
                  <summary aria-label={`${t.details} ${action}`}>{t.details}</summary>
                  <JsonView label={t.details} value={details} />
                </details>
              ),
          },
        ]}
      />
    </Page>
  )
}

function Outcome({ entry: { outcome } }: { entry: AuditEntry }) {
  const t = activityWords.outcomes
  if (outcome === undefined) return t.done
  return <span className={`chip ${outcome === 'unknown' ? 'warn' : 'bad'}`}>{t[outcome]}</span>
}
