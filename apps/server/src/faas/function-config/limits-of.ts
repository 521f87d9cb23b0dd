import type { AccountLimits } from '@parley/contract'
import type { FunctionConfigDeps } from './deps.ts'

export async function limitsOf(
  { accounts }: Pick<FunctionConfigDeps, 'accounts'>,
  accountId: string,
): Promise<AccountLimits> {
  return (await accounts.settings(accountId)).limits
}
