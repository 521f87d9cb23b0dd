import { type BotError, type Connector, listConnectorErrors } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Listed } from '../ui/listed.tsx'
import { Instant } from '../ui/time.tsx'
import { ErrorName } from './error-name.tsx'
import { botWords as t } from './words.ts'

const PAGE = 20
const REFRESH_MS = 15_000

/** How much a connector has to do, and what failed in it, the newest first. */
export function ConnectorErrors({
  accountId,
  connector,
}: {
  accountId: string
  connector: Connector
}) {
  const { connectorId, conversations } = connector
  const mayReadConversations = useMay(accountId, 'conversation:read')
  const query = useInfiniteQuery({
    queryKey: ['connector-errors', accountId, connectorId],
    queryFn: ({ pageParam }) =>
      ask(accountId, listConnectorErrors, {
        params: { connectorId },
        query: { limit: PAGE, beforeId: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    refetchInterval: REFRESH_MS,
    getNextPageParam: ({ errors }) => (errors.length < PAGE ? undefined : errors.at(-1)?.errorId),
  })
  return (
    <section className="stack" aria-label={t.errors}>
      <p>{t.openConversations(conversations.open, conversations.advised, conversations.limit)}</p>
      {conversations.hint !== undefined && <p className="notice">{conversations.hint}</p>}
      <h2>{t.errors}</h2>
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
            cell: ({ at, conversationId }) => (
              <>
                <Instant at={at} />
                <br />
                {mayReadConversations && conversationId !== '' && (
                  <Link
                    to="/$accountId/conversations/$conversationId"
                    params={{ accountId, conversationId }}
                  >
                    {conversationId.slice(0, 8)}
                  </Link>
                )}
              </>
            ),
          },
        ]}
      />
    </section>
  )
}
