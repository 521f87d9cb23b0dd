import { listDeliveries } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { deliveryWords } from '../words/delivery.ts'
import { locale } from '../words/index.ts'
import { DeadLetters } from './dead-letters.tsx'
import { Kind } from './kind.tsx'

const REFRESH_MS = 15_000

/** What is not done yet, what fails, and what was given up. */
export function DeliveryPage() {
  const { accountId } = useParams({ from: '/$accountId/delivery' })
  const query = useQuery({
    queryKey: ['deliveries', accountId],
    queryFn: () => ask(accountId, listDeliveries),
    refetchInterval: REFRESH_MS,
  })
  const t = deliveryWords
  return (
    <Page title={t.title}>
      <DeadLetters accountId={accountId} />
      <h2>{t.failingTitle}</h2>
      <Loaded query={query}>
        {({ failing }) =>
          failing.length === 0 ? (
            <p className="faint">{t.nothingFails}</p>
          ) : (
            <PlainTable
              label={t.failingTitle}
              rows={failing}
              keyOf={({ source, name, lane }) => `${source} ${name} ${lane}`}
              columns={[
                { head: t.kind, cell: ({ name }) => <Kind name={name} /> },
                { head: t.about, cell: ({ lane }) => <bdi className="cut">{lane}</bdi> },
                { head: t.failures, cell: ({ failures }) => failures },
                { head: t.nextAttempt, cell: ({ nextAttemptAt }) => <Due at={nextAttemptAt} /> },
              ]}
            />
          )
        }
      </Loaded>
      <h2>{t.recurring}</h2>
      <p className="faint">{t.recurringHint}</p>
      {query.data && (
        <PlainTable
          label={t.recurring}
          rows={query.data.recurring}
          keyOf={({ of, name }) => `${of} ${name}`}
          columns={[
            {
              head: t.kind,
              cell: ({ name, of }) => (
                <>
                  <Kind name={name} /> <span className="faint">{t.of[of]}</span>
                </>
              ),
            },
            {
              head: t.last,
              cell: ({ last }) =>
                last ? (
                  <>
                    <span className={last.outcome === 'failed' ? 'bad' : ''}>
                      {t.outcomes[last.outcome]}
                    </span>{' '}
                    <Ago at={last.endedAt} />
                  </>
                ) : (
                  <span className="faint">{t.notYet}</span>
                ),
            },
            { head: t.failures, cell: ({ failures }) => failures },
            { head: t.next, cell: ({ nextAt }) => <Due at={nextAt} /> },
          ]}
        />
      )}
      <h2>{t.waiting}</h2>
      <p className="faint">{t.waitingHint}</p>
      {query.data?.isCut && <p className="notice">{t.isCut}</p>}
      {query.data?.queues.length === 0 && <p className="faint">{t.nothingWaits}</p>}
      {query.data && query.data.queues.length > 0 && (
        <PlainTable
          label={t.waiting}
          rows={query.data.queues}
          keyOf={({ source, name }) => `${source} ${name}`}
          columns={[
            {
              head: t.kind,
              cell: ({ name, source }) => (
                <>
                  <Kind name={name} /> <span className="faint">{t[source]}</span>
                </>
              ),
            },
            { head: t.count, cell: ({ waiting }) => waiting.toLocaleString(locale) },
            { head: t.running, cell: ({ running }) => running },
            {
              head: t.failing,
              cell: ({ failing }) => <span className={failing > 0 ? 'bad' : ''}>{failing}</span>,
            },
            { head: t.dueSince, cell: ({ dueSince }) => dueSince && <Ago at={dueSince} /> },
            { head: t.nextAt, cell: ({ nextAt }) => nextAt && <Due at={nextAt} /> },
          ]}
        />
      )}
    </Page>
  )
}
