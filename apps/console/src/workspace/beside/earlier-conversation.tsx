import { readTimeline, type TimelineEntry } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { entryFrom } from '../desk/read-frames.ts'
import type { Entry } from '../desk/state.ts'
import { t } from '../words.ts'
import { EarlierEntries } from './earlier-entries.tsx'
import type { OpenedProps } from './earlier-props.ts'

const MESSAGES = 100

/** What was said in an earlier conversation. */
export function EarlierConversation(props: OpenedProps) {
  const { accountId, opened, consumerName, names } = props
  const { conversationId } = opened
  const query = useInfiniteQuery({
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
    const known = pid === undefined ? '' : names.userName(pid)
    return known === '' || known === pid ? t.colleague : known
  }
  const entriesOf = ({ entries }: { entries: TimelineEntry[] }) =>
    entries.flatMap((entry) => {
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
      return read ?? []
    })
  return <EarlierEntries {...props} query={query} entriesOf={entriesOf} authorOf={authorOf} />
}
