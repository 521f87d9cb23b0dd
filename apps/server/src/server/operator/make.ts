import type { makeAccount, NewAccount, OperatedAccount } from '@parley/contract'
import type * as z from 'zod'
import { ParleyError } from '#base/kernel'
import type { OperatorDeps } from './deps.ts'
import { note } from './entries.ts'
import { shown } from './list.ts'
import { findAccount } from './repository.ts'
import { sampleFunctionRow } from './sample-function-row.ts'

/** One commit makes the account; its sample function follows, whatever becomes of this node. */
export async function make(
  deps: OperatorDeps,
  { accountId, name, admin }: z.output<typeof NewAccount>,
): Promise<z.input<(typeof makeAccount)['reply']>> {
  const { accounts, delivery, store } = deps
  const made = await accounts.makeAccount({ accountId, name, admin }, async (tx) => {
    await note(deps, tx, accountId, {
      action: 'account.created',
      details: { ...(name !== '' && { name }), administrator: admin.loginName },
    })
    store.enqueue(tx, accountId, [sampleFunctionRow(accountId)])
  })
  await store.suspensions.changed(accountId)
  delivery.wake()
  return { ...(await get(deps, accountId)), ...made }
}

/** @throws `not_found` */
export async function get(
  { store }: Pick<OperatorDeps, 'store'>,
  accountId: string,
): Promise<OperatedAccount> {
  const found = await findAccount(store.db, accountId)
  if (!found) throw new ParleyError('not_found', `There is no account "${accountId}"`)
  return shown(found)
}
