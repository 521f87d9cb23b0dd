import { getChat } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { entryFromChat } from '../chats/read-chat.ts'
import { t } from '../words.ts'
import { EarlierEntries } from './earlier-entries.tsx'
import type { OpenedProps } from './earlier-props.ts'

/** What was said in an earlier live chat. */
export function EarlierChat(props: OpenedProps) {
  const { accountId, opened, reader } = props
  const chatId = opened.conversationId
  const query = useInfiniteQuery({
    queryKey: ['chat-timeline', accountId, chatId, 'lines'],
    queryFn: ({ pageParam: from }) =>
      ask(accountId, getChat, { params: { chatId }, query: { from } }),
    initialPageParam: 0,
    getNextPageParam: ({ nextFrom }) => nextFrom,
  })
  return (
    <EarlierEntries
      {...props}
      query={query}
      entriesOf={({ chat, entries }) => entries.map((entry) => entryFromChat(reader, chat, entry))}
      authorOf={({ author }) => author ?? t.colleague}
    />
  )
}
