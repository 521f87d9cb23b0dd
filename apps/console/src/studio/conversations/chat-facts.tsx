import type { Chat } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSkills } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { JsonView } from '../ui/json-view.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { conversationWords } from '../words/conversations.ts'
import { chatWords as t } from './chat-words.ts'
import { EraseChat } from './erase-chat.tsx'

interface Props {
  accountId: string
  chat: Chat
  timers: readonly { name: keyof typeof t.timers; at: string }[]
  /** The survey is submitted, and nobody has decided yet who gets the transcript. */
  isDeciding: boolean
}

/** Who takes part in a live chat, where it stands, and what time will bring. */
export function ChatFacts({ accountId, chat, timers, isDeciding }: Props) {
  const { skillName } = useSkills(accountId)
  const mayDeliver = useMay(accountId, 'delivery:manage')
  const c = conversationWords
  const { consumer, context, campaignInfo, stage, agent, agents, offeredTo, csatRank } = chat
  const visitor = context?.visitorId
  const served = agents.map(({ name }) => name).join(', ')
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      c.state,
      <span key="state" className={`chip ${stage === 'ended' ? '' : 'good'}`}>
        {t.stages[stage]}
      </span>,
    ],
    ['Id', <code key="id">{chat.chatId}</code>],
    [c.consumer, <bdi key="name">{consumer.name}</bdi>],
    [t.email, consumer.email !== undefined && <bdi>{consumer.email}</bdi>],
    [
      t.visitor,
      visitor !== undefined && (
        <Link to="/$accountId/conversations" params={{ accountId }} search={{ consumer: visitor }}>
          <bdi>{visitor}</bdi>
        </Link>
      ),
    ],
    [c.skill, skillName(chat.skillId)],
    [c.agent, agent ? <bdi>{agent.name}</bdi> : c.nobody],
    [t.servedBy, served !== '' && <bdi>{served}</bdi>],
    [t.offeredTo, offeredTo && <bdi>{offeredTo.name}</bdi>],
    [c.waiting, chat.waitingSince !== undefined && <Ago at={chat.waitingSince} />],
    [c.started, <Ago key="started" at={chat.startedAt} />],
    [
      c.ended,
      chat.endedAt !== undefined && (
        <>
          <Ago at={chat.endedAt} /> {chat.endedBy && c.by(c.closers[chat.endedBy] ?? chat.endedBy)}
        </>
      ),
    ],
    [
      t.survey,
      stage === 'ended' &&
        `${t.surveys[chat.survey]}${csatRank === undefined ? '' : `, ${t.rated(csatRank)}`}`,
    ],
  ]
  const said = Object.fromEntries(
    Object.entries({ context, campaignInfo }).filter(([, value]) => value !== undefined),
  )
  return (
    <aside className="conversation-facts" aria-label={c.facts}>
      <h2>{c.facts}</h2>
      <dl className="pairs">
        {facts
          .filter(([, value]) => value !== undefined && value !== false)
          .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}:`}>{value}</dd>])}
      </dl>
      <h2>{c.comes}</h2>
      {timers.length === 0 && !isDeciding && <p className="faint">{c.nothingComes}</p>}
      {isDeciding && (
        <p>
          {t.deciding}{' '}
          {mayDeliver && (
            <Link to="/$accountId/delivery" params={{ accountId }}>
              {t.deliveries}
            </Link>
          )}
        </p>
      )}
      <ul className="bare-list">
        {timers.map(({ name, at }) => (
          <li key={name}>
            {t.timers[name]}
            <span className="faint line">
              <Due at={at} />
            </span>
          </li>
        ))}
      </ul>
      {Object.keys(said).length > 0 && (
        <>
          <h2>{c.raw}</h2>
          <JsonView label={c.raw} value={said} />
        </>
      )}
      {stage === 'ended' && <EraseChat accountId={accountId} chatId={chat.chatId} />}
    </aside>
  )
}
