import { messageOf } from '#base/kernel'
import type { RoutingDeps } from './deps.ts'
import { routingRow } from './routing-rows.ts'

/** Skills, slots or rights of users may have changed: waiting conversations may have an agent now. */
export function routeWhenUsersChange({
  accounts,
  delivery,
  logger,
}: Pick<RoutingDeps, 'accounts' | 'delivery' | 'logger'>): void {
  accounts.onUsersChanged((accountId) => {
    const outbox = [routingRow({ kind: 'agents' })]
    delivery.commit({ accountId, documents: [], outbox }).catch((error: unknown) => {
      logger.warn({ err: error, accountId }, `Not routed anew: ${messageOf(error)}`)
    })
  })
}
