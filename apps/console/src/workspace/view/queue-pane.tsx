import { memo } from 'react'
import type { useNames } from '../../studio/api/use-names.ts'
import { Button } from '../../studio/ui/button.tsx'
import type { Desk } from '../desk/desk.ts'
import { type Content, isUnread, type State, type Talk } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { clockTime, t } from '../words.ts'
import { OfferItem } from './offer-item.tsx'
import { nameOf, useConsumer } from './use-consumer.ts'
import { attempt } from './use-desk.ts'

export interface PaneProps {
  desk: Desk
  state: State
  accountId: string
  names: ReturnType<typeof useNames>
}

/** So many consumers of a long list are asked for their names. */
const NAMED = 60

/** What is offered to the agent, and the agent's conversations. */
export function QueuePane({ desk, state, accountId, names }: PaneProps) {
  const { offers, talks, selected, seen, typing, availability } = state
  const mine = talks.filter(({ status }) => status === 'mine')
  const over = talks.filter(({ status }) => status !== 'mine')
  const rowOf = (talk: Talk, index: number) => (
    <TalkRow
      key={talk.conversationId}
      desk={desk}
      accountId={accountId}
      talk={talk}
      skill={names.skillName(talk.skillId)}
      isSelected={talk.conversationId === selected}
      isUnread={isUnread(talk, seen)}
      isTyping={typing.has(talk.conversationId)}
      isNamed={index < NAMED || talk.conversationId === selected}
    />
  )
  return (
    <nav className="queue-pane" aria-label={t.conversations}>
      <p role="status" className="visually-hidden">
        {t.offered(offers.length)}
      </p>
      {offers.length > 0 && (
        <section className="offers">
          <h2>{t.offers(offers.length)}</h2>
          <ul>
            {offers.map((offer) => (
              <OfferItem
                key={offer.ringId}
                desk={desk}
                accountId={accountId}
                offer={offer}
                aheadMs={state.clockAheadMs}
                skill={names.skillName(offer.skillId)}
              />
            ))}
          </ul>
        </section>
      )}
      <h2>{t.mine(mine.length)}</h2>
      {mine.length === 0 && offers.length === 0 && (
        <div className="nothing faint">
          <p>{availability === 'ONLINE' ? t.none : t.noneAway}</p>
          {availability === 'AWAY' && (
            <Button
              kind="primary"
              onPress={() => void attempt(desk, desk.setAvailability('ONLINE'))}
            >
              {t.goOnline}
            </Button>
          )}
        </div>
      )}
      <ul>{mine.map(rowOf)}</ul>
      {over.length > 0 && (
        <>
          <h2>{t.over(over.length)}</h2>
          <ul>{over.map(rowOf)}</ul>
        </>
      )}
      <p className="faint keys">{t.keys}</p>
    </nav>
  )
}

interface RowProps {
  desk: Desk
  accountId: string
  talk: Talk
  skill: string
  isSelected: boolean
  isUnread: boolean
  isTyping: boolean
  isNamed: boolean
}

const TalkRow = memo(function TalkRow(props: RowProps) {
  const { desk, accountId, talk, skill, isSelected, isTyping, isNamed } = props
  const { conversationId, consumerId, last, isUrgent, startedAt } = talk
  const name = nameOf(useConsumer(desk, consumerId, isNamed), consumerId)
  const at = last?.at ?? startedAt
  return (
    <li>
      <button
        type="button"
        className={`talk-row ${props.isUnread ? 'unread' : ''}`}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => goTo(accountId, conversationId)}
      >
        <span className="talk-name">
          {props.isUnread && <span className="dot" role="img" aria-label={t.unread} />}
          {name}
        </span>
        <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
        <span className="talk-last">
          {isTyping ? t.typing(name) : last ? briefly(last.content) : ''}
        </span>
        <span className="talk-tags faint">
          {skill === '-1' ? '' : skill}
          {isUrgent && <span className="chip warn">{t.urgent}</span>}
        </span>
      </button>
    </li>
  )
})

/** A message in one line. */
export function briefly(content: Content): string {
  if (content.kind === 'text') return content.text
  return content.kind === 'file' ? content.caption || t.file : t.card
}
