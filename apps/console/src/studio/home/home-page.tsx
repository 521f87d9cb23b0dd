import { getUsage, listActivities, listConversations } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { SetUpCard } from '../people/set-up-card.tsx'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { together, useUnread } from '../ui/use-unread.tsx'
import { activityTold } from '../words/activities-told.ts'
import { homeWords } from '../words/home.ts'
import { locale } from '../words/index.ts'
import { Attention } from './attention.tsx'
import { Guide } from './guide.tsx'

const PATH = '/$accountId/home'
const REFRESH_MS = 30_000
const LATELY = 8

/** What needs attention, how the account stands, and the way to a first answer. */
export function HomePage() {
  const { accountId } = useParams({ from: PATH })
  const { guide } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const { functions, isLoaded } = useFunctions(accountId)
  const mayReadFunctions = useMay(accountId, 'function:read')
  const mayAdminister = useMay(accountId, 'account:write')
  const t = homeWords
  // Until a function answers an event, the guide is there by itself; it stays when it has led to one.
  const isNew =
    isLoaded &&
    functions.every(
      ({ eventId, liveVersion }) => eventId === undefined || liveVersion === undefined,
    )
  const [wasNew, setWasNew] = useState(false)
  if (isNew && !wasNew) setWasNew(true)
  const isGuided = guide ?? wasNew
  return (
    <Page
      title={t.title}
      actions={
        <Button onPress={() => void navigate({ search: { guide: !isGuided }, replace: true })}>
          {isGuided ? t.hide : t.again}
        </Button>
      }
    >
      {mayAdminister && <SetUpCard accountId={accountId} />}
      {isGuided && <Guide accountId={accountId} />}
      <div className="two-columns">
        <div className="stack">
          <Attention accountId={accountId} />
          <Counters accountId={accountId} />
        </div>
        {mayReadFunctions && <Lately accountId={accountId} />}
      </div>
    </Page>
  )
}

function Counters({ accountId }: { accountId: string }) {
  const mayReadReports = useMay(accountId, 'report:read')
  const mayReadConversations = useMay(accountId, 'conversation:read')
  const t = homeWords
  const usage = useQuery({
    queryKey: ['usage', accountId],
    queryFn: () => ask(accountId, getUsage),
    enabled: mayReadReports,
    refetchInterval: REFRESH_MS,
  })
  const open = useQuery({
    queryKey: ['open-conversations', accountId],
    queryFn: () => ask(accountId, listConversations, { query: { state: 'OPEN', limit: 100 } }),
    enabled: mayReadConversations,
    refetchInterval: REFRESH_MS,
  })
  const found = usage.data
  const { notice } = useUnread(together([usage, open]))
  return (
    <section aria-label={t.counters} className="stack">
      <h2>{t.counters}</h2>
      {notice}
      <dl className="counters">
        {found && (
          <>
            <div>
              <dt>{t.functions}</dt>
              <dd>
                {found.functions.toLocaleString(locale)}{' '}
                <span className="faint">{t.of(found.functionLimit)}</span>
              </dd>
            </div>
            <div>
              <dt>{t.deployed}</dt>
              <dd>
                {found.deployed.toLocaleString(locale)}{' '}
                <span className="faint">{t.of(found.deployedLimit)}</span>
              </dd>
            </div>
            <div>
              <dt>{t.month}</dt>
              <dd>
                {(found.monthSucceeded + found.monthFailed).toLocaleString(locale)}{' '}
                <span className="faint">{t.of(found.fairUsePerMonth)}</span>{' '}
                <span className={found.monthFailed > 0 ? 'bad' : 'faint'}>
                  {found.monthFailed.toLocaleString(locale)} {t.failed}
                </span>
              </dd>
            </div>
          </>
        )}
        {open.data && (
          <div>
            <dt>{t.open}</dt>
            <dd>
              <Link
                to="/$accountId/conversations"
                params={{ accountId }}
                search={{ state: 'OPEN' }}
              >
                {open.data.conversations.length}
                {open.data.next === undefined ? '' : '+'}
              </Link>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}

/** Its description is the name, which the list of functions has no more. */
const DELETED = 'Lambda Delete'

function Lately({ accountId }: { accountId: string }) {
  const t = homeWords
  const { functionName } = useFunctions(accountId)
  const query = useQuery({
    queryKey: ['activities', accountId, 'lately'],
    queryFn: () => ask(accountId, listActivities, { query: { limit: LATELY } }),
    refetchInterval: REFRESH_MS,
  })
  const deleted = new Map(
    query.data?.activities.flatMap(({ activity, description, functionId }) =>
      functionId && activity === DELETED ? [[functionId, activityTold(description)]] : [],
    ),
  )
  const nameOf = (functionId: string) => deleted.get(functionId) ?? functionName(functionId)
  return (
    <section aria-label={t.lately} className="stack">
      <h2>{t.lately}</h2>
      <Loaded query={query}>
        {({ activities }) =>
          activities.length === 0 ? (
            <p className="faint">{t.nothingYet}</p>
          ) : (
            <ul className="bare-list lately">
              {activities.map(({ activityId, at, actor, activity, description, functionId }) => (
                <li key={activityId}>
                  <strong>{activityTold(activity)}</strong>{' '}
                  {functionId !== undefined && (
                    <Link to="/$accountId/activity" params={{ accountId }} search={{ functionId }}>
                      {nameOf(functionId)}
                    </Link>
                  )}{' '}
                  {!(functionId && activityTold(description) === nameOf(functionId)) && (
                    <bdi>{activityTold(description)}</bdi>
                  )}
                  <span className="faint line">
                    <Ago at={at} /> · <bdi>{actor}</bdi>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <p>
        <Link to="/$accountId/activity" params={{ accountId }}>
          {t.all}
        </Link>
      </p>
    </section>
  )
}
