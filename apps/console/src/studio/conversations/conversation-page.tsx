import {
  getConversation,
  readChatTimeline,
  readTimeline,
  type WholeConversation,
} from '@parley/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { ask, serverError } from '../api/server.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { TimelineList } from '../ui/timeline-list.tsx'
import { conversationWords } from '../words/conversations.ts'
import { operateWords } from '../words/operate.ts'
import { ConversationFacts } from './conversation-facts.tsx'
import { type Line, linesOf } from './timeline.ts'
import { itemOf } from './timeline-item.tsx'
import { useOpenLines } from './use-open-lines.ts'
import { useWholeTimeline } from './use-whole-timeline.ts'

const PATH = '/$accountId/conversations/$conversationId'
/** The stream of updates is faster; this is for what it does not tell. */
const REFRESH_MS = 15_000
const KINDS = ['all', 'message', 'event', 'run'] as const

/** Everything that happened in one conversation, and why. */
export function ConversationPage() {
  const { accountId, conversationId } = useParams({ from: PATH })
  const { kind } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const [isPaused, setPaused] = useState(false)
  const t = conversationWords
  const conversation = useQuery({
    queryKey: ['conversation', accountId, conversationId],
    queryFn: () => ask(accountId, getConversation, { params: { conversationId } }),
    meta: { isHeld: isPaused },
    refetchInterval: ({ state }) =>
      !isPaused && state.data?.stage !== 'CLOSE' ? REFRESH_MS : false,
  })
  const isElsewhere = useChatInstead(conversation.error)
  return (
    <Page
      title={t.one}
      actions={
        <>
          <Choice
            label={t.show}
            value={kind ?? 'all'}
            options={KINDS.map((id) => ({ id, name: t.kinds[id] }))}
            onChange={(id) =>
              void navigate({
                search: (old) => ({
                  ...old,
                  kind: KINDS.find((known) => known === id && known !== 'all') as typeof kind,
                }),
                replace: true,
              })
            }
          />
          {conversation.data?.stage === 'OPEN' && (
            <Button onPress={() => setPaused(!isPaused)}>
              {isPaused ? operateWords.resume : operateWords.pause}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={isElsewhere ? { ...conversation, error: null } : conversation}>
        {(found) => (
          <div className="conversation">
            <Timeline accountId={accountId} conversation={found} isPaused={isPaused} kind={kind} />
            <ConversationFacts accountId={accountId} conversation={found} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}

/** Runs know only an id: it may be that of a live chat, whose page is shown then. Answers whether it may be one. */
function useChatInstead(error: unknown): boolean {
  const { accountId, conversationId: chatId } = useParams({ from: PATH })
  const { at } = useSearch({ from: PATH })
  const navigate = useNavigate()
  const isUnknown = error !== null && serverError(error).code === 'conversation_not_found'
  const chat = useQuery({
    queryKey: ['chat-by-id', accountId, chatId],
    queryFn: () =>
      ask(accountId, readChatTimeline, {
        params: { chatId },
        query: { kind: ['started'], limit: 1 },
      }),
    enabled: isUnknown,
    retry: false,
  })
  const isChat = chat.data !== undefined
  useEffect(() => {
    if (!isChat) return
    void navigate({
      to: '/$accountId/conversations/chats/$chatId',
      params: { accountId, chatId },
      search: { at },
      replace: true,
    })
  }, [isChat, navigate, accountId, chatId, at])
  return isUnknown && chat.error === null
}

interface Props {
  accountId: string
  conversation: WholeConversation
  isPaused: boolean
  kind: Line['kind'] | undefined
}

function Timeline({ accountId, conversation, isPaused, kind }: Props) {
  const { conversationId, stage } = conversation
  const { at } = useSearch({ from: PATH })
  const names = useNames(accountId)
  const query = useInfiniteQuery({
    queryKey: ['timeline', accountId, conversationId],
    queryFn: ({ pageParam }) =>
      ask(accountId, readTimeline, {
        params: { conversationId },
        query: { limit: 200, after: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    meta: { isHeld: isPaused },
    refetchInterval: !isPaused && stage !== 'CLOSE' ? REFRESH_MS : false,
  })
  const hasRest = useWholeTimeline(query)
  const { data, isFetchingNextPage, fetchNextPage } = query

  const lines = useMemo(() => linesOf(data?.pages.flatMap(({ entries }) => entries) ?? []), [data])
  const wanted = lines.find(
    (line) => line.kind === 'run' && line.attempts.some(({ recordId }) => recordId === at),
  )?.key
  const { open, goTo, reveal, toggle } = useOpenLines(wanted)
  const shown = lines.filter((line) => kind === undefined || line.kind === kind)
  return (
    <section className="conversation-timeline" aria-label={conversationWords.timeline}>
      <h2>{conversationWords.timeline}</h2>
      <Loaded query={query}>
        {() => (
          <>
            {shown.length === 0 && <p className="empty">{conversationWords.empty}</p>}
            <TimelineList
              label={conversationWords.timeline}
              items={shown.map((line) => itemOf(line, { accountId, conversation, names, reveal }))}
              open={open}
              onToggle={toggle}
              goTo={goTo}
            />
          </>
        )}
      </Loaded>
      {hasRest && (
        <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {operateWords.loadMore}
        </Button>
      )}
    </section>
  )
}
