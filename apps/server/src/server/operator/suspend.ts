import type { OperatedAccount } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { OperatorDeps } from './deps.ts'
import { note } from './entries.ts'
import { get } from './make.ts'
import { lockForChange, setSuspendedAt } from './repository.ts'

/**
 * From now on nothing works in the account: no log-in, token, key, socket or function; outbox rows and timers rest. What runs
 * at this moment ends within its time limit. Again: no change, but every node is notified again.
 * @throws `not_found`
 */
export async function suspend(
  deps: OperatorDeps,
  accountId: string,
  { reason }: { reason?: string | undefined },
): Promise<OperatedAccount> {
  const { store, clock } = deps
  await store.transaction(async (tx) => {
    const { suspendedAt } = await lock(tx, accountId)
    if (suspendedAt) return
    await setSuspendedAt(tx, accountId, new Date(clock.now()))
    await note(deps, tx, accountId, {
      action: 'account.suspended',
      ...(reason && { details: { reason } }),
    })
  })
  await store.suspensions.changed(accountId)
  return get(deps, accountId)
}

/**
 * What waited goes on. Again: no change.
 * @throws `not_found`, `conflict` for an account that is being ended
 */
export async function resume(deps: OperatorDeps, accountId: string): Promise<OperatedAccount> {
  const { store, delivery } = deps
  await store.transaction(async (tx) => {
    const { suspendedAt, endingAt } = await lock(tx, accountId)
    if (endingAt) {
      throw new ParleyError(
        'conflict',
        `The account "${accountId}" is being ended: there is no way back`,
      )
    }
    if (!suspendedAt) return
    await setSuspendedAt(tx, accountId, null)
    await delivery.resumeWork(tx, accountId)
    await note(deps, tx, accountId, { action: 'account.resumed' })
  })
  await store.suspensions.changed(accountId)
  return get(deps, accountId)
}

/** @throws `not_found` */
export async function lock(tx: Db, accountId: string) {
  const found = await lockForChange(tx, accountId)
  if (!found) throw new ParleyError('not_found', `There is no account "${accountId}"`)
  return found
}
