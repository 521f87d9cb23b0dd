import { readChatTimeline } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ask } from '../api/server.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Filter } from '../ui/filter.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { TimelineList } from '../ui/timeline-list.tsx'
import { conversationWords } from '../words/conversations.ts'
import { operateWords } from '../words/operate.ts'
import { ChatFacts } from './chat-facts.tsx'
import { chatItemOf } from './chat-item.tsx'
import { chatLinesOf } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'
import { useOpenLines } from './use-open-lines.ts'
import { useWholeTimeline } from './use-whole-timeline.ts'

const PATH = '/$accountId/conversations/chats/$chatId'
/** The stream of updates is faster; this is for what it does not tell. */
const REFRESH_MS = 15_000
const KINDS = ['line', 'change', 'run', 'mail'] as const

/** Everything that happened in one live chat and because of it: its lines, its survey, who gets the transcript, and the mails. */
export function ChatPage() {
  const { accountId, chatId } = useParams({ from: PATH })
  const { kind, at } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const names = useNames(accountId)
  const [isPaused, setPaused] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['chat-timeline', accountId, chatId],
    queryFn: ({ pageParam }) =>
      ask(accountId, readChatTimeline, {
        params: { chatId },
        query: { limit: 200, after: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    meta: { isHeld: isPaused },
    refetchInterval: isPaused ? false : REFRESH_MS,
  })
  const hasRest = useWholeTimeline(query)
  const pages = query.data?.pages
  const chat = pages?.at(-1)?.chat
  const lines = useMemo(() => chatLinesOf(pages?.flatMap(({ entries }) => entries) ?? []), [pages])
  const wanted = lines.find(
    (line) =>
      (line.kind === 'run' && line.attempts.some(({ recordId }) => recordId === at)) ||
      (line.kind === 'mail' && line.mail.mailId === at),
  )
  const { open, goTo, reveal, toggle } = useOpenLines(wanted?.key)
  const shown = lines.filter((line) => kind === undefined || line.kind === kind)

  return (
    <Page
      title={chat ? `${t.one}: ${chat.consumer.name}` : t.one}
      actions={
        <>
          <Filter
            label={conversationWords.show}
            all={conversationWords.kinds.all}
            value={kind}
            options={KINDS.map((id) => ({ id, name: t.kinds[id] }))}
            onChange={(chosen) =>
              void navigate({ search: (old) => ({ ...old, kind: chosen }), replace: true })
            }
          />
          <Button onPress={() => setPaused(!isPaused)}>
            {isPaused ? operateWords.resume : operateWords.pause}
          </Button>
        </>
      }
    >
      <Loaded query={{ ...query, data: pages?.at(-1) }}>
        {(newest) => (
          <div className="conversation">
            <section className="conversation-timeline" aria-label={conversationWords.timeline}>
              <h2>{conversationWords.timeline}</h2>
              {shown.length === 0 && <p className="empty">{conversationWords.empty}</p>}
              <TimelineList
                label={conversationWords.timeline}
                items={shown.map((line) =>
                  chatItemOf(line, { accountId, chat: newest.chat, names, lines, reveal }),
                )}
                open={open}
                onToggle={toggle}
                goTo={goTo}
              />
              {hasRest && (
                <Button
                  isPending={query.isFetchingNextPage}
                  onPress={() => void query.fetchNextPage()}
                >
                  {operateWords.loadMore}
                </Button>
              )}
            </section>
            <ChatFacts
              accountId={accountId}
              chat={newest.chat}
              timers={newest.timers}
              isDeciding={
                newest.chat.survey === 'submitted' &&
                !lines.some(({ key }) => key === 'decision') &&
                !query.hasNextPage
              }
            />
          </div>
        )}
      </Loaded>
    </Page>
  )
}
