import { getConversation } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import type { Desk } from '../desk/desk.ts'
import type { Offer } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { t } from '../words.ts'
import { nameOf, useConsumer } from './use-consumer.ts'
import { attempt } from './use-desk.ts'

interface Props {
  desk: Desk
  accountId: string
  offer: Offer
  aheadMs: number
  skill: string
}

/** A conversation that asks this agent to take it, with the time that is left. */
export function OfferItem({ desk, accountId, offer, aheadMs, skill }: Props) {
  const { conversationId, consumerId, expiresAt } = offer
  const name = nameOf(useConsumer(desk, consumerId, true), consumerId)
  const seconds = useSecondsUntil(expiresAt - aheadMs)
  const [isBusy, setBusy] = useState(false)
  const { data } = useQuery({
    queryKey: ['conversation', accountId, conversationId],
    queryFn: () => ask(accountId, getConversation, { params: { conversationId } }),
    retry: false,
  })

  async function answer(accepts: boolean): Promise<void> {
    setBusy(true)
    const doing = accepts ? desk.accept(offer) : desk.decline(offer)
    const isDone = await attempt(desk, doing)
    setBusy(false)
    if (isDone && accepts) goTo(accountId, conversationId)
  }

  return (
    <li className="offer">
      <span className="talk-name">{name}</span>
      <span className="faint left-time">{t.left(seconds)}</span>
      <span className="talk-last">{textOf(data?.lastMessage?.event)}</span>
      <span className="talk-tags faint">{skill === '-1' ? '' : skill}</span>
      <span className="actions">
        <Button
          kind="primary"
          isDisabled={isBusy}
          aria-label={t.acceptFrom(name)}
          onPress={() => void answer(true)}
        >
          {t.accept}
        </Button>
        <Button
          isDisabled={isBusy}
          aria-label={t.declineFrom(name)}
          onPress={() => void answer(false)}
        >
          {t.decline}
        </Button>
      </span>
    </li>
  )
}

function textOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('message' in event)) return ''
  return typeof event.message === 'string' ? event.message : ''
}

function useSecondsUntil(at: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((at - now) / 1_000))
}
