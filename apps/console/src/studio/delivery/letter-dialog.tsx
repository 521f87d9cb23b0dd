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
          const conversationId = conversationOf(facts)
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
              <JsonView label={t.carries} value={facts} />
            </>
          )
        }}
      </Loaded>
    </ReadingDialog>
  )
}

/** Of facts of a conversation's change. */
function conversationOf(facts: unknown): string | undefined {
  if (typeof facts !== 'object' || facts === null || !('conversation' in facts)) return undefined
  const { conversation } = facts
  if (typeof conversation !== 'object' || conversation === null) return undefined
  return 'conversationId' in conversation && typeof conversation.conversationId === 'string'
    ? conversation.conversationId
    : undefined
}
