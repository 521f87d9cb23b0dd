import { isDeepStrictEqual } from 'node:util'
import type { Schedule, ScheduleDraft } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { Actor } from '#faas/function-config'
import { checkPayload, checkRoom, firstRun, requireDeployed } from './checks.ts'
import { toSchedule } from './describe.ts'
import { deleteScheduleRow, findSchedules, insertSchedule, type ScheduleRow } from './repository.ts'
import type { SchedulesDeps } from './deps.ts'
import { armSchedule } from './timer.ts'

/** In the account's time zone unless the draft names one. `replacePaused` deletes schedules that undeploying paused: the published API shows them as deleted. */
export async function createSchedule(
  deps: SchedulesDeps,
  accountId: string,
  actor: Actor,
  draft: ScheduleDraft,
  options: { replacePaused?: boolean } = {},
): Promise<Schedule> {
  const limits = await deps.functionConfig.limitsOf(accountId)
  checkPayload(draft.payload, limits.schedulePayloadCharacters)
  const at = new Date(deps.clock.now())
  const timeZone = draft.timeZone ?? (await deps.settings.get(accountId)).timeZone
  const next = firstRun({ ...draft, timeZone }, at.getTime())
  const row: ScheduleRow = {
    accountId,
    ...draft,
    timeZone,
    scheduleId: draft.scheduleId ?? deps.ids.uuid(),
    pausedByUndeploy: false,
    nextExecutionAt: draft.active ? next : null,
    lastExecutionAt: null,
    lastExecutionFailed: null,
    createdAt: at,
    createdBy: actor,
    updatedAt: at,
    updatedBy: actor,
  }
  const known = await deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const owner = await requireDeployed(deps, tx, accountId, draft.functionId)
    const others = await findSchedules(tx, accountId)
    const same = others.find(({ scheduleId }) => scheduleId === row.scheduleId)
    if (same) return requireSame(same, row)
    const isGone = (other: ScheduleRow) => options.replacePaused && other.pausedByUndeploy
    for (const other of others) {
      if (!isGone(other) || other.functionId !== draft.functionId) continue
      await deleteScheduleRow(tx, accountId, other.scheduleId)
    }
    checkRoom(others.filter((other) => !isGone(other)).length, limits)
    await insertSchedule(tx, row)
    await armSchedule(tx, deps, row)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'schedule',
      activity: 'Schedule Create',
      description: `${owner.name}: ${row.cronExpression} (${row.timeZone})`,
      functionId: row.functionId,
    })
    return undefined
  })
  if (known) return toSchedule(known)
  deps.delivery.wake()
  return toSchedule(row)
}

/** The one that is there, if it says what is asked for: its first answer was lost. */
function requireSame(known: ScheduleRow, asked: ScheduleRow): ScheduleRow {
  const saysOf = ({ functionId, cronExpression, timeZone, payload, missedRuns }: ScheduleRow) => {
    return { functionId, cronExpression, timeZone, payload, missedRuns }
  }
  if (isDeepStrictEqual(saysOf(known), saysOf(asked))) return known
  throw new ParleyError('conflict', `There is another schedule "${known.scheduleId}"`)
}
