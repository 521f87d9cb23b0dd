import { MessagesSquare } from 'lucide-react'
import { memo } from 'react'
import type { useNames } from '../../studio/api/use-names.ts'
import { Button } from '../../studio/ui/button.tsx'
import type { Desk } from '../desk/desk.ts'
import { besideWords } from '../beside/words.ts'
import { isBeside, isOwn, isUnread, offersNow, type State, type Talk } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { chatWords } from '../chats/words.ts'
import { clockTime, t } from '../words.ts'
import { briefly } from './briefly.ts'
import { OfferItem } from './offer-item.tsx'
import { useName } from './use-consumer.ts'
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
  const { talks, selected, seen, typing, availability } = state
  const offers = offersNow(state)
  const waiting = state.offers.length - offers.length
  const mine = talks.filter(isOwn)
  const joined = talks.filter(isBeside)
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
    <nav className="queue-pane" tabIndex={-1} aria-label={t.conversations}>
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
      {waiting > 0 && <p className="faint">{chatWords.moreWaiting(waiting)}</p>}
      <h2>{t.mine(mine.length)}</h2>
      {mine.length === 0 && offers.length === 0 && (
        <div className="nothing faint">
          {availability !== undefined && <p>{t.noneWhile[availability]}</p>}
          {availability !== 'ONLINE' && (
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
      {joined.length > 0 && (
        <>
          <h2>{besideWords.joined(joined.length)}</h2>
          <ul>{joined.map(rowOf)}</ul>
        </>
      )}
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
  const { chat, conversationId, last, isUrgent, startedAt } = talk
  const name = useName(desk, talk, isNamed)
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
          <span>
            {chat && <MessagesSquare aria-hidden size={14} />} {chat && chatWords.name}{' '}
            {skill === '-1' ? '' : skill}
          </span>
          {isUrgent && <span className="chip warn">{t.urgent}</span>}
        </span>
      </button>
    </li>
  )
})
