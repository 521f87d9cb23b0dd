import { listConversations } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { DateRange } from '../ui/date-range.tsx'
import { Empty } from '../ui/empty.tsx'
import { Filter } from '../ui/filter.tsx'
import { LiveSwitch } from '../ui/live-switch.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { SearchForm } from '../ui/search-form.tsx'
import { Ago } from '../ui/time.tsx'
import { SkillFilter } from '../ui/skill-filter.tsx'
import { conversationWords } from '../words/conversations.ts'
import { ErasureNotice } from './erasure-notice.tsx'

const PATH = '/$accountId/conversations'
const CHANNELS = ['messaging', 'chat'] as const
const STATES = ['OPEN', 'CLOSE'] as const
const REFRESH_MS = 30_000

/** Conversations that the user may see, the newest first, as far as the address wants them. */
export function ConversationsPage() {
  const { accountId } = useParams({ from: PATH })
  const search = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const names = { ...useSkills(accountId), ...useUserNames(accountId) }
  const t = conversationWords
  const [isHeld, setHeld] = useState(false)
  const { erasure, ...filters } = search
  const query = useInfiniteQuery({
    queryKey: ['conversations', accountId, filters],
    queryFn: ({ pageParam }) =>
      ask(accountId, listConversations, {
        query: {
          channel: search.channel ?? 'all',
          state: search.state,
          skillId: search.skill,
          consumer: search.consumer,
          text: search.text,
          from: search.from,
          to: search.to,
          after: pageParam,
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: isHeld ? false : REFRESH_MS,
    meta: { isHeld },
  })
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  const change = (part: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })

  return (
    <Page title={t.title} actions={<LiveSwitch isHeld={isHeld} onHold={setHeld} />}>
      {erasure !== undefined && <ErasureNotice accountId={accountId} erasureId={erasure} />}
      <div className="filters" role="search">
        <SearchForm
          fields={[
            { name: 'text', label: t.text, maxLength: 200 },
            { name: 'consumer', label: t.consumerId, maxLength: 128 },
          ]}
          values={search}
          onSearch={change}
        />
        <Filter
          label={t.channel}
          value={search.channel}
          options={CHANNELS.map((id) => ({ id, name: t.channels[id] }))}
          onChange={(channel) => change({ channel })}
        />
        <Filter
          label={t.state}
          value={search.state}
          options={STATES.map((id) => ({ id, name: t.states[id] }))}
          onChange={(state) => change({ state })}
        />
        <SkillFilter
          accountId={accountId}
          isHiddenEmpty
          label={t.skill}
          value={search.skill}
          onChange={(skill) => change({ skill })}
        />
        <DateRange from={search.from} to={search.to} onChange={change} />
      </div>
      <Listed
        label={t.list}
        query={query}
        rowsOf={({ pages }) => pages.flatMap(({ conversations }) => conversations)}
        keyOf={({ conversationId }) => conversationId}
        empty={
          <Empty
            text={isFiltered ? t.noneSuch : t.none}
            action={
              !isFiltered && (
                <a
                  className="button"
                  href={`/consumer/${accountId}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {t.openConsumerPage}
                </a>
              )
            }
          />
        }
        columns={[
          {
            head: t.last,
            cell: ({ channel, conversationId, lastMessage, consumerId, consumerName }) => (
              <>
                <ConversationLink {...{ accountId, channel }} id={conversationId} className="line">
                  <bdi>{lastTextOf(lastMessage?.event) ?? conversationId}</bdi>
                </ConversationLink>
                <span className="faint line">
                  {channel === 'chat' && `${t.channels.chat} · `}
                  {lastMessage && `${t.roles[lastMessage.by.role]} · `}
                  <bdi>{consumerName ?? consumerId}</bdi>
                </span>
              </>
            ),
          },
          {
            head: t.state,
            cell: ({ stage, waitingSince }) => (
              <>
                <span className={`chip ${stage === 'OPEN' ? 'good' : ''}`}>{t.states[stage]}</span>
                {waitingSince !== undefined && (
                  <span className="faint line">
                    {t.waiting} <Ago at={waitingSince} />
                  </span>
                )}
              </>
            ),
          },
          {
            head: t.skill,
            cell: ({ skillId }) => (skillId === '-1' ? t.noSkill : names.skillName(skillId)),
          },
          {
            head: t.agent,
            cell: ({ assignedAgentId }) =>
              assignedAgentId === undefined ? (
                <span className="faint">{t.nobody}</span>
              ) : (
                <bdi>{names.userName(assignedAgentId)}</bdi>
              ),
          },
          {
            head: t.runs,
            cell: ({ runs }) =>
              runs && (
                <span className={runs.failed > 0 ? 'bad' : ''}>
                  {t.runCount(runs.total, runs.failed)}
                </span>
              ),
          },
          { head: t.started, cell: ({ startedAt }) => <Ago at={startedAt} /> },
        ]}
      />
    </Page>
  )
}

function lastTextOf(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('message' in event)) return undefined
  const { message } = event
  if (typeof message !== 'string') return conversationWords.notText
  return message.length > 120 ? `${message.slice(0, 120)}…` : message
}
