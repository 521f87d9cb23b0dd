import { getChat } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import type { Desk } from '../desk/desk.ts'
import type { Offer } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { chatWords } from '../chats/words.ts'
import { t } from '../words.ts'
import { briefly } from './briefly.ts'
import { useName } from './use-consumer.ts'
import { attempt } from './use-desk.ts'

interface Props {
  desk: Desk
  accountId: string
  offer: Offer
  aheadMs: number
  skill: string
}

const WORDS_AGAIN_MS = 1_000

/** A conversation that asks this agent to take it, with the time that is left. */
export function OfferItem({ desk, accountId, offer, aheadMs, skill }: Props) {
  const { chat, conversationId, expiresAt } = offer
  const name = useName(desk, offer, true)
  const seconds = useSecondsFromNow(expiresAt - aheadMs)
  const [isBusy, setBusy] = useState(false)
  const { data: words } = useQuery({
    queryKey: ['conversation', accountId, conversationId, 'words'],
    queryFn: () => readWords(desk, accountId, offer),
    retry: false,
    // It may ring before the first words are stored.
    refetchInterval: ({ state }) => (state.data ? false : WORDS_AGAIN_MS),
  })
  // Whom it is offered to alone cannot have another one take it.
  const canDecline = !chat?.offeredTo

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
      <span className="faint left-time">
        {chat ? chatWords.waits(Math.max(0, -seconds)) : t.left(Math.max(0, seconds))}
      </span>
      <span className="talk-last">{words}</span>
      <span className="talk-tags faint">
        {chat && `${chatWords.name} `}
        {skill === '-1' ? '' : skill}
      </span>
      <span className="actions">
        <Button
          kind="primary"
          isDisabled={isBusy}
          aria-label={t.acceptFrom(name)}
          onPress={() => void answer(true)}
        >
          {t.accept}
        </Button>
        {canDecline && (
          <Button
            isDisabled={isBusy}
            aria-label={t.declineFrom(name)}
            onPress={() => void answer(false)}
          >
            {t.decline}
          </Button>
        )}
      </span>
    </li>
  )
}

/** What was said last, by no automatic message; in a live chat, by its consumer. */
async function readWords(
  desk: Desk,
  accountId: string,
  { chat, conversationId }: Offer,
): Promise<string> {
  if (!chat) {
    const last = await desk.lastWords(conversationId)
    return last ? briefly(last.content) : ''
  }
  const { entries } = await ask(accountId, getChat, { params: { chatId: chat.chatId } })
  const line = entries.findLast((entry) => entry.type === 'line' && entry.by === 'CONSUMER')
  return line?.type === 'line' ? line.text : ''
}

/** Negative for what lies in the past. */
function useSecondsFromNow(at: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return Math.ceil((at - now) / 1_000)
}
