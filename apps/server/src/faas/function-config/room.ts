import type { AccountLimits } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import { type Clock, type Ids, ParleyError } from '#base/kernel'
import type { Store } from '#base/store'
import type { Allowlist } from './allowlist.ts'
import type { BlockedCalls } from './blocked-calls.ts'

/** What the operations of this room need. */
export interface FunctionConfigRoom {
  store: Store
  clock: Clock
  ids: Ids
  accounts: Accounts
  allowlist: Allowlist
  blockedCalls: BlockedCalls
}

/** Who did it, as the account's members call themselves. */
export type Actor = string

export async function limitsOf(
  { accounts }: { accounts: Accounts },
  accountId: string,
): Promise<AccountLimits> {
  return (await accounts.settings(accountId)).limits
}

/** @param path of the field in the body */
export function invalid(path: string, rule: string): ParleyError {
  return new ParleyError('invalid_request', `${path}: ${rule}`, {
    details: [{ path: `body.${path}`, message: rule }],
  })
}
