import type { FunctionSummary } from '@parley/contract'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useFunctionEvents } from '../api/use-function-events.ts'
import { useFunctions } from '../api/use-names.ts'
import { FilterField } from '../ui/filter-field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { meaningOfEvent } from '../words/event-meanings.ts'
import { eventWords } from '../words/events.ts'
import { operateWords } from '../words/operate.ts'
import type { CatalogueEvent } from './catalogue-event.ts'
import { OneEvent } from './one-event.tsx'
import { isLike } from '../ui/is-like.ts'

const PATH = '/$accountId/events'

/** What functions may answer, and what answers it now. */
export function EventsPage() {
  const { accountId } = useParams({ from: PATH })
  const { event: chosen, name = '' } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const { functions } = useFunctions(accountId)
  const t = eventWords
  const query = useFunctionEvents(accountId)
  const one = query.data?.events.find(({ eventId }) => eventId === chosen)
  const handlersOf = (eventId: string): FunctionSummary[] =>
    functions.filter((fn) => fn.eventId === eventId)
  return (
    <Page
      key={one?.eventId}
      title={one?.name ?? t.title}
      actions={
        one && (
          <Link to="/$accountId/events" params={{ accountId }} className="button quiet">
            {t.back}
          </Link>
        )
      }
    >
      <Loaded query={query}>
        {({ events }) =>
          one ? (
            <OneEvent accountId={accountId} event={one} handlers={handlersOf(one.eventId)} />
          ) : (
            <>
              <p className="faint">{t.intro}</p>
              <div className="filters" role="search">
                <FilterField
                  label={t.filter}
                  value={name}
                  onChange={(typed) => void navigate({ search: { name: typed }, replace: true })}
                />
              </div>
              <Catalogue
                accountId={accountId}
                events={events.filter((event) => isLike([event.name, event.eventId], name))}
                handlersOf={handlersOf}
              />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

interface CatalogueProps {
  accountId: string
  events: readonly CatalogueEvent[]
  handlersOf: (eventId: string) => FunctionSummary[]
}

function Catalogue({ accountId, events, handlersOf }: CatalogueProps) {
  const t = eventWords
  if (events.length === 0) return <p className="empty">{t.noneSuch}</p>
  return (
    <PlainTable
      label={t.title}
      rows={events}
      keyOf={({ eventId }) => eventId}
      columns={[
        {
          head: t.name,
          cell: (event) => (
            <>
              <Link
                to="/$accountId/events"
                params={{ accountId }}
                search={{ event: event.eventId }}
              >
                {event.name}
              </Link>
              <span className="faint line">{meaningOfEvent(event)}</span>
            </>
          ),
        },
        { head: t.source, cell: ({ source }) => source },
        {
          head: t.functions,
          cell: ({ eventId }) => {
            const handlers = handlersOf(eventId)
            if (handlers.length === 0) return <span className="faint">{t.noFunction}</span>
            return handlers.map(({ functionId, name, liveVersion }) => (
              <span key={functionId} className="line">
                <Link to="/$accountId/functions/$functionId" params={{ accountId, functionId }}>
                  <bdi>{name}</bdi>
                </Link>{' '}
                <span className="faint">{liveVersion === undefined ? t.draft : t.live}</span>
              </span>
            ))
          },
        },
        { head: t.limit, cell: ({ limit }) => limit },
        {
          head: t.skills,
          cell: ({ supportsSkills }) => (supportsSkills ? operateWords.yes : operateWords.no),
        },
      ]}
    />
  )
}
