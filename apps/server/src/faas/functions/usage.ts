import { countFunctions } from './repository.ts'
import type { FunctionsDeps } from './deps.ts'

/** Functions of the account against its limits. */
export async function functionUsage(deps: FunctionsDeps, accountId: string) {
  const limits = await deps.functionConfig.limitsOf(accountId)
  const { total, deployed } = await countFunctions(deps.store.db, accountId)
  return {
    functions: total,
    functionLimit: limits.functions,
    deployed,
    deployedLimit: limits.deployedFunctions,
    /** What the account has set, else what counts as fair; only the first is enforced. One figure on every face. */
    invocationsPerMonth: limits.invocationsPerMonth ?? limits.fairUseInvocationsPerMonth,
  }
}
