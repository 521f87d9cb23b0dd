import { FUNCTION_STATES, type FunctionSummary, listFunctions } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { Suspense } from 'react'
import { useMay } from '../session/use-session.ts'
import { lazyPart } from '../api/lazy-part.ts'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { FilterField } from '../ui/filter-field.tsx'
import { Filter } from '../ui/filter.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { nameOfSkill } from './skill-options.ts'
import { StateChip } from '../ui/state-chip.tsx'
import { Ago } from '../ui/time.tsx'
import { words } from '../words/index.ts'
import { isLike } from '../ui/is-like.ts'

// Neither it nor what it asks is needed before the list is there.
const LastDay = lazyPart(() => import('./last-day.tsx'), 'LastDay')

/** All functions of the account, filtered by what stands in the address. */
export function FunctionsPage() {
  const { accountId } = useParams({ from: '/$accountId/functions' })
  const { name = '', state } = useSearch({ from: '/$accountId/functions' })
  const navigate = useNavigate({ from: '/$accountId/functions' })
  const mayWrite = useMay(accountId, 'function:write')
  const mayCount = useMay(accountId, 'report:read')
  const query = useQuery({
    queryKey: ['functions', accountId],
    queryFn: () => ask(accountId, listFunctions),
  })
  const all = query.data?.functions ?? []
  const shown = all.filter(
    (one) => isLike([one.name], name) && (state === undefined || one.state === state),
  )
  const names = useSkills(accountId)
  const t = words.functions
  return (
    <Page
      title={t.title}
      actions={
        mayWrite && (
          <Link className="button primary" to="/$accountId/functions/new" params={{ accountId }}>
            <Plus aria-hidden size={16} />
            {t.create}
          </Link>
        )
      }
    >
      <div className="filters" role="search">
        <FilterField
          label={t.filter}
          value={name}
          onChange={(typed) =>
            void navigate({ search: (old) => ({ ...old, name: typed }), replace: true })
          }
        />
        <Filter
          label={t.state}
          value={state}
          options={FUNCTION_STATES.map((id) => ({ id, name: t.states[id] }))}
          onChange={(chosen) =>
            void navigate({ search: (old) => ({ ...old, state: chosen }), replace: true })
          }
        />
        {query.data && (
          <p role="status" className="faint count">
            {t.count(shown.length, all.length)}
          </p>
        )}
      </div>
      <Listed
        label={t.title}
        query={query}
        rowsOf={() => shown}
        keyOf={({ functionId }) => functionId}
        empty={<p className="empty">{all.length === 0 ? t.none : t.noneSuch}</p>}
        columns={[
          {
            head: t.name,
            cell: ({ functionId, name: own, description }) => (
              <>
                <Link to="/$accountId/functions/$functionId" params={{ accountId, functionId }}>
                  <bdi>{own}</bdi>
                </Link>
                <span className="faint line">
                  <bdi>{description}</bdi>
                </span>
              </>
            ),
          },
          { head: t.state, cell: (one) => <StateChip state={one.state} /> },
          {
            head: t.event,
            cell: ({ eventId }) => eventId ?? <span className="faint">{t.noEvent}</span>,
          },
          {
            head: t.skills,
            cell: ({ skills }) =>
              skills.length === 0 ? (
                <span className="faint">{t.allSkills}</span>
              ) : (
                <bdi>{skills.map((id) => nameOfSkill(id, names.skillName)).join(', ')}</bdi>
              ),
          },
          ...(mayCount
            ? [
                {
                  head: t.lastDay,
                  cell: ({ functionId }: FunctionSummary) => (
                    <Suspense>
                      <LastDay accountId={accountId} functionId={functionId} />
                    </Suspense>
                  ),
                },
              ]
            : []),
          {
            head: t.changed,
            cell: ({ updatedAt, updatedBy }) => (
              <>
                <Ago at={updatedAt} /> <span className="faint">{t.by(updatedBy)}</span>
              </>
            ),
          },
        ]}
      />
    </Page>
  )
}
