import { FUNCTION_STATES, type FunctionSummary, listFunctions } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMay } from '../session/use-session.ts'
import { ask } from '../api/server.ts'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { StateChip } from '../ui/state-chip.tsx'
import { Ago } from '../ui/time.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { words } from '../words/index.ts'

const ALL = 'all'

/** All functions of the account, filtered by what stands in the address. */
export function FunctionsPage() {
  const { accountId } = useParams({ from: '/$accountId/functions' })
  const { name = '', state } = useSearch({ from: '/$accountId/functions' })
  const navigate = useNavigate({ from: '/$accountId/functions' })
  const mayWrite = useMay(accountId, 'function:write')
  const { data, error, refetch } = useQuery({
    queryKey: ['functions', accountId],
    queryFn: () => ask(accountId, listFunctions),
  })
  const all = data?.functions ?? []
  const wanted = name.toLowerCase()
  const shown = all.filter(
    (one) =>
      one.name.toLowerCase().includes(wanted) && (state === undefined || one.state === state),
  )
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
        <Field
          label={t.filter}
          type="search"
          value={name}
          onChange={(typed) =>
            void navigate({
              search: (old) => ({ ...old, name: typed || undefined }),
              replace: true,
            })
          }
        />
        <Choice
          label={t.state}
          value={state ?? ALL}
          options={[
            { id: ALL, name: t.all },
            ...FUNCTION_STATES.map((id) => ({ id, name: t.states[id] })),
          ]}
          onChange={(id) =>
            void navigate({
              search: (old) => ({ ...old, state: FUNCTION_STATES.find((known) => known === id) }),
              replace: true,
            })
          }
        />
        {data && (
          <p role="status" className="faint count">
            {t.count(shown.length, all.length)}
          </p>
        )}
      </div>
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && shown.length === 0 && (
        <p className="empty">{all.length === 0 ? t.none : t.noneSuch}</p>
      )}
      {shown.length > 0 && <FunctionsTable accountId={accountId} functions={shown} />}
    </Page>
  )
}

function FunctionsTable({
  accountId,
  functions,
}: {
  accountId: string
  functions: FunctionSummary[]
}) {
  const t = words.functions
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            {[t.name, t.state, t.event, t.skills, t.changed].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {functions.map((one) => (
            <tr key={one.functionId}>
              <th scope="row">
                <Link
                  to="/$accountId/functions/$functionId"
                  params={{ accountId, functionId: one.functionId }}
                >
                  <bdi>{one.name}</bdi>
                </Link>
                <span className="faint line">
                  <bdi>{one.description}</bdi>
                </span>
              </th>
              <td>
                <StateChip state={one.state} />
              </td>
              <td>{one.eventId ?? <span className="faint">{t.noEvent}</span>}</td>
              <td>
                {one.skills.length === 0 ? (
                  <span className="faint">{t.allSkills}</span>
                ) : (
                  one.skills.join(', ')
                )}
              </td>
              <td>
                <Ago at={one.updatedAt} /> <span className="faint">{t.by(one.updatedBy)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
