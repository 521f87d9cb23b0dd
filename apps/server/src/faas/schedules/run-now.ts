import type { ScheduleRun } from '@parley/contract'
import { tellRuns } from '#base/changes'
import { functionsDisabled } from '#identity/settings'
import { requireDeployed } from './checks.ts'
import { toScheduleRun } from './describe.ts'
import { getScheduleRow } from './read.ts'
import type { SchedulesDeps } from './deps.ts'
import { noteRun, runOf, runOnce } from './runs.ts'

/** Runs a schedule once, at once, besides its own times. */
export async function runScheduleNow(
  deps: SchedulesDeps,
  accountId: string,
  scheduleId: string,
): Promise<ScheduleRun> {
  const row = await getScheduleRow(deps.store.db, accountId, scheduleId)
  const dueAt = deps.clock.now()
  const record = await runOnce(deps, row)
  if (!record) {
    await requireDeployed(deps, deps.store.db, accountId, row.functionId)
    throw functionsDisabled(accountId)
  }
  const run = runOf(row, record, { dueAt, cause: 'manual' })
  await deps.store.transaction((tx) => noteRun(deps, tx, record, run))
  tellRuns(deps.store, [record])
  return toScheduleRun(run)
}
