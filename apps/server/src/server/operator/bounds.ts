import type { BoundUse } from '@parley/contract'
import { boundUses } from '#base/bounds'
import type { OperatorDeps } from './deps.ts'

/** By what the bounds hold, as docs/limits.md lists them. */
export async function listBoundUses({
  monotonic,
}: Pick<OperatorDeps, 'monotonic'>): Promise<{ bounds: BoundUse[] }> {
  const bounds: BoundUse[] = []
  for (const { bound, ...use } of boundUses()) {
    const { holds, limit, each, per } = bound
    bounds.push({ holds, limit, ...(each !== undefined && { each }), per, ...use })
    await new Promise<void>((resolve) => monotonic.afterTurn(resolve))
  }
  return { bounds: bounds.toSorted((one, other) => (one.holds < other.holds ? -1 : 1)) }
}
