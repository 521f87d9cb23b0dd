import type { BotError, BotErrors as Page } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMay } from '../session/use-session.ts'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { Listed } from '../ui/listed.tsx'
import { Instant } from '../ui/time.tsx'
import { ErrorName } from './error-name.tsx'
import { botWords as t } from './words.ts'

const PAGE = 20
const REFRESH_MS = 15_000

interface Props {
  accountId: string
  botId: string
  read: (query: { limit: number; beforeId: string | undefined }) => Promise<Page>
}

/** What failed in a bot, the newest first. */
export function BotErrors({ accountId, botId, read }: Props) {
  const mayReadConversations = useMay(accountId, 'conversation:read')
  const query = useInfiniteQuery({
    queryKey: ['bot-errors', accountId, botId],
    queryFn: ({ pageParam }) => read({ limit: PAGE, beforeId: pageParam }),
    initialPageParam: undefined as string | undefined,
    refetchInterval: REFRESH_MS,
    getNextPageParam: ({ errors }) => (errors.length < PAGE ? undefined : errors.at(-1)?.errorId),
  })
  return (
    <Listed
      label={t.errors}
      query={query}
      rowsOf={({ pages }) => pages.flatMap(({ errors }) => errors)}
      keyOf={({ errorId }: BotError) => errorId}
      empty={<p className="faint">{t.noErrors}</p>}
      columns={[
        { head: t.error, cell: ({ name, reason }) => <ErrorName name={name} reason={reason} /> },
        {
          head: t.when,
          cell: ({ at, channel, conversationId }) => (
            <>
              <Instant at={at} />
              <br />
              {mayReadConversations && conversationId !== '' && (
                <ConversationLink {...{ accountId, channel }} id={conversationId}>
                  {conversationId.slice(0, 8)}
                </ConversationLink>
              )}
            </>
          ),
        },
      ]}
    />
  )
}
