import type { ConnectorRows } from '#messaging/conversations'
import { webhookConsumer } from './consumer.ts'
import type { Deps } from './deps.ts'
import { connectorRows } from './rows.ts'

/** Registers the outbox consumer of webhooks: open it before `delivery.start()`. Returns what makes its rows. */
export function openWebhooks(deps: Deps): ConnectorRows {
  deps.delivery.consume(webhookConsumer(deps))
  return connectorRows(deps)
}
