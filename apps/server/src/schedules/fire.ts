import type { Timer } from '#delivery'
import { nextRun } from './cron.ts'
import { findSchedule, updateScheduleRow } from './repository.ts'
import type { SchedulesRoom } from './room.ts'
import { noteRun, runOf, runOnce } from './runs.ts'
import { SCHEDULE_TIMER } from './timer.ts'

/** A run that starts later than this is one that was missed. */
const LATE_MS = 60_000

export async function fireSchedule(
  room: SchedulesRoom,
  { accountId, key, dueAt, generation }: Timer<object>,
): Promise<void> {
  const { clock, delivery, store } = room
  const row = await findSchedule(store.db, accountId, key)
  const isMissed = clock.now() - dueAt > LATE_MS
  const runs = row && row.active && !row.pausedByUndeploy
  const head = runs && !(isMissed && row.missedRuns === 'skip') && (await runOnce(room, row))
  const next = runs ? nextRun(row, Math.max(dueAt, clock.now())) : undefined
  const outcome = await delivery.commit({
    accountId,
    documents: [],
    fires: { kind: SCHEDULE_TIMER, key, generation },
    ...(next && {
      arm: [{ kind: SCHEDULE_TIMER, key, dueAt: next.getTime(), facts: {} }],
    }),
    ...(head && { invocations: [head] }),
  })
  if (outcome.status !== 'applied' || !row) return
  await updateScheduleRow(store.db, row, { nextExecutionAt: next ?? null })
  if (head) await noteRun(store, runOf(row, head, { dueAt, cause: isMissed ? 'missed' : 'due' }))
}
