import { type Connector, listConnectorErrors } from '@parley/contract'
import { ask } from '../api/server.ts'
import { BotErrors } from './bot-errors.tsx'
import { botWords as t } from './words.ts'

/** How much a connector has to do, and what failed in it, the newest first. */
export function ConnectorErrors({
  accountId,
  connector,
}: {
  accountId: string
  connector: Connector
}) {
  const { connectorId, conversations } = connector
  const params = { connectorId }
  return (
    <section className="stack" aria-label={t.errors}>
      <p>{t.openConversations(conversations.open, conversations.advised, conversations.limit)}</p>
      {conversations.hint !== undefined && <p className="notice">{conversations.hint}</p>}
      <h2>{t.errors}</h2>
      <BotErrors
        accountId={accountId}
        botId={connectorId}
        read={(query) => ask(accountId, listConnectorErrors, { params, query })}
      />
    </section>
  )
}
