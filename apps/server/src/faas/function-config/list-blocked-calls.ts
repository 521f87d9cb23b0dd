import type { BlockedCall } from '@parley/contract'
import { findBlockedCalls } from './repository.ts'
import { remedyOf } from './blocked-call-remedy.ts'
import type { FunctionConfigDeps } from './deps.ts'

const DAY_MS = 86_400_000

/** The calls that the proxy refused, each with the entry that would allow it now. */
export async function listBlockedCalls(
  { settings, allowedHosts, blockedCalls, clock, store }: FunctionConfigDeps,
  accountId: string,
  query: { functionId?: string | undefined; limit: number },
): Promise<BlockedCall[]> {
  await blockedCalls.flush()
  const { retention } = await settings.get(accountId)
  const since = new Date(clock.now() - retention.logDays * DAY_MS)
  const rows = await findBlockedCalls(store.db, accountId, { ...query, since })
  return Promise.all(
    rows.map(async (row) => ({
      functionId: row.functionId,
      host: row.host,
      port: row.port,
      count: row.count,
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      reason: row.reason,
      ...(row.calledFrom !== '' && { calledFrom: row.calledFrom }),
      ...remedyOf(row, await allowedHosts.allows(accountId, row.host)),
    })),
  )
}
