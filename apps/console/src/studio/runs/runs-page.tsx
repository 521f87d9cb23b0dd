import type { WholeInvocation } from '@parley/contract'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { LiveSwitch } from '../ui/live-switch.tsx'
import { OutcomeChip } from '../ui/outcome-chip.tsx'
import { Page } from '../ui/page.tsx'
import { Instant } from '../ui/time.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { ms, runWords as t } from '../words/runs.ts'
import { RunFilters } from './run-filters.tsx'
import { SaveRuns } from './save-runs.tsx'
import { useRuns } from './use-runs.ts'

/** What has run, by what stands in the address; goes on by itself unless it is held. */
export function RunsPage() {
  const { accountId } = useParams({ from: '/$accountId/runs' })
  const filter = useSearch({ from: '/$accountId/runs' })
  const navigate = useNavigate({ from: '/$accountId/runs' })
  const [held, setHeld] = useState<ReadonlySet<string>>()
  const { runs, query, hasMore, more } = useRuns(accountId, filter, held !== undefined)
  const { unread, notice } = useUnread(query)
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  // What came while the list is held stands before what is shown; older runs are shown all the same.
  const firstShown = held ? (runs?.findIndex(({ recordId }) => held.has(recordId)) ?? 0) : 0
  const shown = runs?.slice(Math.max(0, firstShown))

  return (
    <Page
      title={t.title}
      isWide
      actions={
        <>
          <SaveRuns accountId={accountId} filter={filter} />
          <LiveSwitch
            isHeld={held !== undefined}
            waiting={Math.max(0, firstShown)}
            onHold={(isHeld) =>
              setHeld(isHeld ? new Set(runs?.map(({ recordId }) => recordId)) : undefined)
            }
          />
        </>
      }
    >
      <div className="filters" role="search">
        <RunFilters
          accountId={accountId}
          filter={filter}
          onChange={(changed) => {
            setHeld(undefined)
            void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
          }}
        />
        {shown && (
          <p role="status" className="faint count">
            {t.count(shown.length, hasMore)}
          </p>
        )}
      </div>
      {notice}
      {!shown && unread === undefined && <Waiting />}
      {shown?.length === 0 && (
        <p className="empty">
          {isFiltered ? t.noneSuch : t.none}{' '}
          {isFiltered && (
            <Link to="/$accountId/runs" params={{ accountId }} search={{}}>
              {t.clear}
            </Link>
          )}
        </p>
      )}
      {shown && shown.length > 0 && (
        <DataTable
          label={t.list}
          className="runs-table"
          columns={COLUMNS}
          rows={shown}
          keyOf={({ recordId }) => recordId}
          hasMore={hasMore}
          onMore={more}
          onOpen={({ recordId }) =>
            void navigate({ to: '/$accountId/runs/$recordId', params: { accountId, recordId } })
          }
        />
      )}
    </Page>
  )
}

const COLUMNS: readonly Column<WholeInvocation>[] = [
  { id: 'started', title: t.started, cell: ({ startedAt }) => <Instant at={startedAt} /> },
  { id: 'outcome', title: t.outcome, cell: ({ outcome }) => <OutcomeChip outcome={outcome} /> },
  {
    id: 'function',
    title: t.function,
    cell: ({ functionName, functionId }) => <bdi>{functionName ?? functionId}</bdi>,
  },
  {
    id: 'version',
    title: t.version,
    isMinor: true,
    cell: ({ version }) => version,
  },
  {
    id: 'cause',
    title: t.cause,
    isMinor: true,
    cell: ({ eventId, source }) => <span className="faint">{eventId ?? source}</span>,
  },
  { id: 'took', title: t.took, isMinor: true, cell: ({ durationMs }) => ms(durationMs) },
  { id: 'what', title: t.what, isMinor: true, cell: (run) => <bdi>{whatHappened(run)}</bdi> },
]

function whatHappened({ errorMessage, commands }: WholeInvocation): string {
  if (errorMessage !== undefined) return errorMessage
  if (!commands) return ''
  const applied = commands.filter((one) => one.applied).length
  return t.commands(applied, commands.length - applied)
}
