import { type ConversationSummary, listConversations, readTimeline } from '@parley/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { ReadingDialog } from '../../studio/ui/reading-dialog.tsx'
import type { Desk } from '../desk/desk.ts'
import { entryFrom } from '../desk/read-frames.ts'
import type { Entry } from '../desk/state.ts'
import { besideWords } from './words.ts'
import { clockTime, dayName, t } from '../words.ts'
import { Message } from '../view/message.tsx'

interface Props {
  desk: Desk
  accountId: string
  /** The one that is open; it is left out. */
  conversationId: string
  consumerId: string
  consumerName: string
  pid: string
  names: { skillName: (id: string) => string; userName: (pid: string) => string }
}

const SHOWN = 10
const MESSAGES = 100

/** What the same consumer has asked before, to be opened and read. */
export function Earlier(props: Props) {
  const { accountId, conversationId, consumerId, names } = props
  const [opened, setOpened] = useState<ConversationSummary>()
  const earlier = useQuery({
    queryKey: ['conversations', accountId, 'of-consumer', consumerId],
    queryFn: () => ask(accountId, listConversations, { query: { consumerId, limit: SHOWN + 1 } }),
    enabled: consumerId !== '',
  })
  return (
    <>
      <h3>{t.earlier}</h3>
      <Loaded query={earlier}>
        {({ conversations }) => {
          const others = conversations.filter((one) => one.conversationId !== conversationId)
          if (others.length === 0) return <p className="faint">{t.noEarlier}</p>
          return (
            <ul className="beside-list">
              {others.slice(0, SHOWN).map((one) => (
                <li key={one.conversationId}>
                  <button
                    type="button"
                    className="talk-row"
                    aria-label={besideWords.openEarlier(whenOf(one))}
                    onClick={() => setOpened(one)}
                  >
                    <span className="talk-name">
                      {whenOf(one)} {names.skillName(one.skillId)}
                    </span>
                    <span className="talk-last">{textOf(one.lastMessage?.event)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
      {opened && <EarlierDialog {...props} opened={opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

interface DialogProps extends Props {
  opened: ConversationSummary
  onClose: () => void
}

function EarlierDialog({ desk, accountId, opened, onClose, ...who }: DialogProps) {
  const { conversationId } = opened
  const messages = useInfiniteQuery({
    queryKey: ['timeline', accountId, conversationId, 'messages'],
    queryFn: ({ pageParam: after }) =>
      ask(accountId, readTimeline, {
        params: { conversationId },
        query: { kind: ['message'], limit: MESSAGES, ...(after !== '' && { after }) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  function authorOf({ role, pid }: Entry): string {
    if (role === 'CONSUMER') return who.consumerName
    if (role === 'CONTROLLER') return t.automatic
    if (pid === who.pid) return t.you
    const known = pid === undefined ? '' : who.names.userName(pid)
    return known === '' || known === pid ? t.colleague : known
  }
  return (
    <ReadingDialog title={besideWords.earlierTitle(whenOf(opened))} onClose={onClose}>
      <Loaded query={messages}>
        {({ pages }) => (
          <ol className="log-list">
            {pages
              .flatMap(({ entries }) => entries)
              .flatMap((entry) => {
                if (entry.kind !== 'message') return []
                const { at, by, audience, dialogId, sequence, event } = entry
                const read = entryFrom({
                  dialogId,
                  sequence,
                  event,
                  conversationId,
                  serverTimestamp: Date.parse(at),
                  originatorMetadata: by,
                  messageAudience: audience,
                })
                return read ? [read] : []
              })
              .map((entry) => (
                <Message
                  key={`${entry.dialogId} ${entry.sequence}`}
                  desk={desk}
                  entry={entry}
                  author={authorOf(entry)}
                  isOwn={entry.pid === who.pid}
                  day={undefined}
                  isFirst
                  receipt={undefined}
                />
              ))}
          </ol>
        )}
      </Loaded>
      {messages.hasNextPage && (
        <Button onPress={() => void messages.fetchNextPage()}>{besideWords.laterMessages}</Button>
      )}
    </ReadingDialog>
  )
}

function whenOf({ startedAt }: ConversationSummary): string {
  const at = Date.parse(startedAt)
  return `${dayName(at)} ${clockTime(at)}`
}

function textOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('message' in event)) return ''
  return typeof event.message === 'string' ? event.message : ''
}
