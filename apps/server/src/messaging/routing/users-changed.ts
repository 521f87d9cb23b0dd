import { messageOf } from '#base/kernel'
import type { RoutingDeps } from './deps.ts'
import { routingRow } from './routing-rows.ts'

type ChangedDeps = Pick<RoutingDeps, 'accounts' | 'delivery' | 'logger' | 'store'>

/** Skills, slots or rights of users may have changed: waiting conversations may have an agent now. */
export function routeWhenUsersChange(deps: ChangedDeps): void {
  deps.accounts.onUsersChanged((accountId) => {
    routeAnew(deps, accountId).catch((error: unknown) => {
      deps.logger.warn({ err: error, accountId }, `Not routed anew: ${messageOf(error)}`)
    })
  })
}

/** A suspended account is routed when it is resumed; of one that has ended no row may be left behind. */
async function routeAnew(
  { accounts, delivery, store }: ChangedDeps,
  accountId: string,
): Promise<void> {
  if (store.suspensions.has(accountId) || !(await accounts.isAccount(accountId))) return
  await delivery.commit({ accountId, documents: [], outbox: [routingRow({ kind: 'agents' })] })
}
