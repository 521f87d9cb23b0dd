import type { RoutingDeps } from './deps.ts'
import { routingRow } from './routing-rows.ts'

/** Skills, slots or rights of users may have changed: waiting conversations may have an agent now. The commit of the change says so. */
export function routeWhenUsersChange({
  accounts,
  delivery,
  store,
}: Pick<RoutingDeps, 'accounts' | 'delivery' | 'store'>): void {
  accounts.alsoWriteWithUsers((tx, accountId, userId) => {
    const userIds = userId === undefined ? [] : [userId]
    return store.enqueue(tx, accountId, [routingRow({ kind: 'agents', userIds })])
  })
  accounts.onUsersChanged(() => delivery.wake())
}
