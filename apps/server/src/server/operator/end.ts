import type { OperatedAccount } from '@parley/contract'
import { ALL_ACCOUNTS, recurringTimer, type TimerKind } from '#base/delivery'
import { invalid, ParleyError } from '#base/kernel'
import type { OperatorDeps } from './deps.ts'
import { deleteRows } from './delete-rows.ts'
import { note, noteOutside } from './entries.ts'
import { get } from './make.ts'
import { deleteAccount, findAccount, hasOthers, setEndingAt } from './repository.ts'
import { lock } from './suspend.ts'

const KIND = 'account-end'
/** By then what ran when the account was suspended has ended, and what it left behind is written. */
const SETTLED_MS = 2 * 60_000
const AGAIN_MS = 60_000

/**
 * Ends a suspended account for good: everything of it is deleted by pages, on whichever node, and goes on after a kill. Its id is
 * free when nothing is left. Again: no change.
 * @throws `invalid_request` without the id as `confirm`; `not_found`; `conflict` for one that is not suspended, and for the last one
 */
export async function end(
  deps: OperatorDeps,
  accountId: string,
  { confirm }: { confirm: string },
): Promise<OperatedAccount> {
  const { store, clock, delivery } = deps
  if (confirm !== accountId) {
    throw invalid('body.confirm', 'must be the id of the account, once more')
  }
  await store.transaction(async (tx) => {
    const { suspendedAt, endingAt } = await lock(tx, accountId)
    if (!suspendedAt) {
      throw new ParleyError('conflict', `The account "${accountId}" is active: suspend it first`)
    }
    if (endingAt) return
    if (!(await hasOthers(tx, accountId))) {
      throw new ParleyError(
        'conflict',
        `"${accountId}" is the only account of this server: make another one first`,
      )
    }
    await setEndingAt(tx, accountId, new Date(clock.now()))
    await note(deps, tx, accountId, { action: 'account.ending' })
    const dueAt = Math.max(clock.now(), suspendedAt.getTime() + SETTLED_MS)
    // Not a timer of the account: those of a suspended one rest.
    await delivery.armTimer(tx, ALL_ACCOUNTS, { kind: KIND, key: accountId, dueAt, facts: {} })
  })
  delivery.wake()
  return get(deps, accountId)
}

/** Deletes until a whole pass finds nothing; then the account itself goes. */
export function endTimer(deps: OperatorDeps): TimerKind<object> {
  const { store, clock } = deps
  return recurringTimer(deps, {
    kind: KIND,
    workers: 1,
    async run({ key: accountId }) {
      const account = await findAccount(store.db, accountId)
      if (!account?.endingAt) return 'done'
      const deleted = await deleteRows(store.maintenance, accountId)
      if (deleted > 0) return 'partly'
      await finish(deps, accountId)
      return 'done'
    },
    nextAt: async ({ key: accountId }) => {
      const account = await findAccount(store.db, accountId)
      return account?.endingAt ? clock.now() + AGAIN_MS : undefined
    },
  })
}

async function finish(deps: OperatorDeps, accountId: string): Promise<void> {
  const { store, clock } = deps
  // What nodes remember of it is forgotten while it is still refused.
  store.resyncAll(clock.now())
  await store.transaction(async (tx) => {
    if (!(await deleteAccount(tx, accountId))) return
    await noteOutside(deps, tx, accountId, { action: 'account.ended' })
  })
  await store.suspensions.changed(accountId)
}
