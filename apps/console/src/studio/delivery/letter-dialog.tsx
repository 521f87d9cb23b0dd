import { getDeadLetter } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { JsonView } from '../ui/json-view.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { ReadingDialog } from '../ui/reading-dialog.tsx'
import { deliveryWords } from '../words/delivery.ts'

interface Props {
  accountId: string
  id: number
  onClose: () => void
}

/** All that one dead letter carries. */
export function LetterDialog({ accountId, id, onClose }: Props) {
  const query = useQuery({
    queryKey: ['dead-letter', accountId, id],
    queryFn: () => ask(accountId, getDeadLetter, { params: { id } }),
  })
  const t = deliveryWords
  return (
    <ReadingDialog title={t.carries} onClose={onClose}>
      <Loaded query={query}>
        {({ cause, facts }) => {
          const conversationId = idOf(facts, 'conversation', 'conversationId')
          const chatId = idOf(facts, 'chatId')
          return (
            <>
              <p className="bad">
                <bdi>{cause}</bdi>
              </p>
              {conversationId !== undefined && (
                <p>
                  <Link
                    to="/$accountId/conversations/$conversationId"
                    params={{ accountId, conversationId }}
                  >
                    {t.conversation}
                  </Link>
                </p>
              )}
              {chatId !== undefined && (
                <p>
                  <Link to="/$accountId/conversations/chats/$chatId" params={{ accountId, chatId }}>
                    {t.chat}
                  </Link>
                </p>
              )}
              <JsonView label={t.carries} value={facts} />
            </>
          )
        }}
      </Loaded>
    </ReadingDialog>
  )
}

/** An id in the facts, which are of any form. */
function idOf(facts: unknown, ...path: readonly string[]): string | undefined {
  let value: unknown = facts
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([key]) => key === name)?.[1]
  }
  return typeof value === 'string' ? value : undefined
}
