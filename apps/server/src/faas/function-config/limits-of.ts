import type { AccountLimits } from '@parley/contract'
import type { FunctionConfigDeps } from './deps.ts'

export async function limitsOf(
  { settings }: Pick<FunctionConfigDeps, 'settings'>,
  accountId: string,
): Promise<AccountLimits> {
  return (await settings.get(accountId)).limits
}
