import { getChat } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { ReadingDialog } from '../../studio/ui/reading-dialog.tsx'
import { entryFromChat } from '../chats/read-chat.ts'
import { Message } from '../view/message.tsx'
import { t } from '../words.ts'
import type { OpenedProps } from './earlier-props.ts'
import { besideWords } from './words.ts'

/** What was said in an earlier live chat. */
export function EarlierChat(props: OpenedProps) {
  const { desk, accountId, opened, title, onClose, reader } = props
  const chatId = opened.conversationId
  const read = useInfiniteQuery({
    queryKey: ['chat-timeline', accountId, chatId, 'lines'],
    queryFn: ({ pageParam: from }) =>
      ask(accountId, getChat, { params: { chatId }, query: { from } }),
    initialPageParam: 0,
    getNextPageParam: ({ nextFrom }) => nextFrom,
  })
  return (
    <ReadingDialog title={title} onClose={onClose}>
      <Loaded query={read}>
        {({ pages }) => (
          <ol className="log-list">
            {pages
              .flatMap(({ chat, entries }) =>
                entries.map((entry) => entryFromChat(reader, chat, entry)),
              )
              .map((entry) => (
                <Message
                  key={entry.sequence}
                  desk={desk}
                  entry={entry}
                  author={entry.pid === reader.pid ? t.you : (entry.author ?? t.colleague)}
                  isOwn={entry.pid === reader.pid}
                  day={undefined}
                  isFirst
                  receipt={undefined}
                />
              ))}
          </ol>
        )}
      </Loaded>
      {read.hasNextPage && (
        <Button onPress={() => void read.fetchNextPage()}>{besideWords.laterMessages}</Button>
      )}
    </ReadingDialog>
  )
}
