import { type ConversationSummary, listConversations } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { chatWords } from '../chats/words.ts'
import { clockTime, dayName, t } from '../words.ts'
import { EarlierChat } from './earlier-chat.tsx'
import { EarlierConversation } from './earlier-conversation.tsx'
import type { EarlierProps } from './earlier-props.ts'
import { besideWords } from './words.ts'

const SHOWN = 10

/** What the same consumer has asked before, in conversations and in live chats, to be opened and read. */
export function Earlier(props: EarlierProps) {
  const { accountId, talk, names } = props
  const { conversationId, consumerId, visitorId = '' } = talk
  const [opened, setOpened] = useState<ConversationSummary>()
  const earlier = useQuery({
    queryKey: ['conversations', accountId, 'of-consumer', consumerId, visitorId],
    queryFn: () => readEarlier(accountId, consumerId, visitorId),
    enabled: consumerId !== '' || visitorId !== '',
  })
  const Dialog = opened?.channel === 'chat' ? EarlierChat : EarlierConversation
  return (
    <>
      <h3>{t.earlier}</h3>
      <Loaded query={earlier}>
        {(all) => {
          const others = all.filter((one) => one.conversationId !== conversationId)
          if (others.length === 0) {
            return <p className="faint">{talk.chat ? chatWords.noEarlier : t.noEarlier}</p>
          }
          return (
            <ul className="beside-list">
              {others.slice(0, SHOWN).map((one) => (
                <li key={one.conversationId}>
                  <button
                    type="button"
                    className="talk-row"
                    aria-label={besideWords.openEarlier[one.channel](whenOf(one))}
                    onClick={() => setOpened(one)}
                  >
                    <span className="talk-name">
                      {whenOf(one)} {names.skillName(one.skillId)}
                    </span>
                    <span className="talk-last">{textOf(one.lastMessage?.event)}</span>
                    {one.channel === 'chat' && (
                      <span className="talk-tags faint">
                        <span>
                          <MessagesSquare aria-hidden size={14} /> {chatWords.name}
                        </span>
                      </span>
                    )}
                  </button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
      {opened && (
        <Dialog
          {...props}
          opened={opened}
          title={besideWords.earlierTitle[opened.channel](whenOf(opened))}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  )
}

/** The newest first. A live chat knows its visitor alone; the client of a conversation may have named the same one. */
async function readEarlier(
  accountId: string,
  consumerId: string,
  visitorId: string,
): Promise<ConversationSummary[]> {
  const limit = SHOWN + 1
  const queries = [
    ...(consumerId === '' ? [] : [{ consumerId, limit }]),
    ...(visitorId === '' ? [] : [{ channel: 'chat' as const, visitorId, limit }]),
  ]
  const pages = await Promise.all(
    queries.map((query) => ask(accountId, listConversations, { query })),
  )
  const all = pages.flatMap(({ conversations }) => conversations)
  return all.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
}

function whenOf({ startedAt }: ConversationSummary): string {
  const at = Date.parse(startedAt)
  return `${dayName(at)} ${clockTime(at)}`
}

function textOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('message' in event)) return ''
  return typeof event.message === 'string' ? event.message : ''
}
