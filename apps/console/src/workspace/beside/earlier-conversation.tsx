import { readTimeline } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { Button } from '../../studio/ui/button.tsx'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { ReadingDialog } from '../../studio/ui/reading-dialog.tsx'
import { entryFrom } from '../desk/read-frames.ts'
import type { Entry } from '../desk/state.ts'
import { Message } from '../view/message.tsx'
import { t } from '../words.ts'
import type { OpenedProps } from './earlier-props.ts'
import { besideWords } from './words.ts'

const MESSAGES = 100

/** What was said in an earlier conversation. */
export function EarlierConversation(props: OpenedProps) {
  const { desk, accountId, opened, title, onClose, reader, consumerName, names } = props
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
    if (role === 'CONSUMER') return consumerName
    if (role === 'CONTROLLER') return t.automatic
    if (pid === reader.pid) return t.you
    const known = pid === undefined ? '' : names.userName(pid)
    return known === '' || known === pid ? t.colleague : known
  }
  return (
    <ReadingDialog title={title} onClose={onClose}>
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
                  isOwn={entry.pid === reader.pid}
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
