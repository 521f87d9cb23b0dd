import { z } from 'zod'
import type { ScheduleRun } from '@parley/contract'
import type { Delivery, Timer } from '#delivery'
import {
  getScheduleRow,
  insertScheduleRun,
  nextRun,
  SCHEDULE_TIMER,
  type ScheduleRow,
  type ScheduleRunRow,
  toScheduleRun,
  updateScheduleRow,
} from '#functions'
import { ParleyError } from '#kernel'
import type { InvocationHead } from '#records'
import { describeFailure } from './failures.ts'
import { type InvocationsRoom, runDeployed } from './run.ts'
import { keepable, keepableCalls } from './storable.ts'

/** A run that starts later than this is one that was missed. */
const LATE_MS = 60_000

/** Runs schedules when their time has come: once per due time, on whichever node takes the timer. */
export function runSchedules(room: InvocationsRoom, delivery: Delivery): void {
  delivery.onTimer({
    kind: SCHEDULE_TIMER,
    facts: z.object({}),
    // A failing function is an outcome, not a reason to run it again before its next time.
    retryDelaysMs: [1_000, 5_000, 15_000],
    fire: (timer) => fire(room, delivery, timer),
  })
}

async function fire(
  room: InvocationsRoom,
  delivery: Delivery,
  { accountId, key, dueAt, generation }: Timer<object>,
): Promise<void> {
  const row = await findSchedule(room, accountId, key)
  const isMissed = room.clock.now() - dueAt > LATE_MS
  const runs = row && row.active && !row.pausedByUndeploy
  const done =
    runs && !(isMissed && row.missedRuns === 'skip')
      ? await runOnce(room, row, { dueAt, cause: isMissed ? 'missed' : 'due' })
      : undefined
  const next = runs ? nextRun(row, Math.max(dueAt, room.clock.now())) : undefined
  const outcome = await delivery.commit({
    accountId,
    documents: [],
    fires: { kind: SCHEDULE_TIMER, key, generation },
    ...(next && {
      arm: [{ kind: SCHEDULE_TIMER, key, dueAt: next.getTime(), facts: {} }],
    }),
    ...(done && { invocations: [done.head] }),
  })
  if (outcome.status !== 'applied' || !row) return
  await updateScheduleRow(room.store.db, row, { nextExecutionAt: next ?? null })
  if (done) await noteRun(room, row, done.run)
}

/** Besides its own times, for somebody who waits for the answer. */
export async function runScheduleNow(
  room: InvocationsRoom,
  accountId: string,
  scheduleId: string,
): Promise<ScheduleRun> {
  const row = await getScheduleRow(room.store.db, accountId, scheduleId)
  const done = await runOnce(room, row, { dueAt: room.clock.now(), cause: 'manual' })
  if (!done) {
    throw new ParleyError('deployment_required', 'The function of this schedule is not deployed')
  }
  room.writer.record(done.head)
  await noteRun(room, row, done.run)
  return toScheduleRun(done.run)
}

async function findSchedule(room: InvocationsRoom, accountId: string, scheduleId: string) {
  try {
    return await getScheduleRow(room.store.db, accountId, scheduleId)
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'schedule_not_found') return undefined
    throw error
  }
}

interface Done {
  run: ScheduleRunRow
  head: InvocationHead
}

async function runOnce(
  room: InvocationsRoom,
  { accountId, scheduleId, functionId, payload }: ScheduleRow,
  { dueAt, cause }: { dueAt: number; cause: ScheduleRunRow['cause'] },
): Promise<Done | undefined> {
  const { functionsEnabled, recordings } = await room.accounts.settings(accountId)
  const [deployed] = await room.functions.findDeployed(accountId, { functionId })
  if (!deployed || !functionsEnabled) return undefined
  const invocationId = room.ids.uuid()
  const startedAt = room.clock.now()
  const input = {
    timestamp: startedAt,
    headers: [{ key: 'X-Request-ID', value: invocationId }],
    payload,
  }
  const body = Buffer.from(JSON.stringify(input))
  const { outcome, head } = await runDeployed(room, deployed, {
    body,
    occasion: { invocationId, source: 'schedule' },
  })
  const { maxBytes } = recordings
  const secrets = room.secretsOf(accountId)
  head.input = keepable(body, maxBytes, secrets)
  if (outcome.ok) head.result = keepable(outcome.result, maxBytes, secrets)
  head.outgoing = keepableCalls(outcome, secrets)
  const run: ScheduleRunRow = {
    accountId,
    scheduleId,
    dueAt: new Date(dueAt),
    cause,
    invocationId,
    startedAt: new Date(startedAt),
    durationMs: Math.round(outcome.durationMs),
    failed: !outcome.ok,
    errorCode: outcome.ok ? null : describeFailure(outcome).errorCode,
  }
  return { run, head }
}

async function noteRun(
  { store }: InvocationsRoom,
  row: ScheduleRow,
  run: ScheduleRunRow,
): Promise<void> {
  await updateScheduleRow(store.db, row, {
    lastExecutionAt: run.startedAt,
    lastExecutionFailed: run.failed,
  })
  await insertScheduleRun(store.db, run)
}
