import { limitsOf } from '#faas/function-config'
import { countFunctions } from './repository.ts'
import type { FunctionsRoom } from './room.ts'

/** Functions of the account against its limits; `null` is without limit. */
export async function functionUsage(room: FunctionsRoom, accountId: string) {
  const limits = await limitsOf(room, accountId)
  const { total, deployed } = await countFunctions(room.store.db, accountId)
  return {
    functions: total,
    functionLimit: limits.functions,
    deployed,
    deployedLimit: limits.deployedFunctions,
    fairUsePerMonth: limits.fairUseInvocationsPerMonth,
    monthLimit: limits.invocationsPerMonth,
  }
}
