import * as z from 'zod'
import { TimeZone } from './time-zone.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, StorableText, Uuid } from './text.ts'

/** What is done about runs whose time passed while no node was running. */
export const MissedRuns = z.enum(['skip', 'run-once'])
export type MissedRuns = z.infer<typeof MissedRuns>

/** When a function is invoked by the clock (`spec/platform.md` 9). */
export const Schedule = z.object({
  scheduleId: Uuid,
  functionId: Uuid,
  cronExpression: z.string(),
  timeZone: z.string(),
  payload: z.unknown(),
  active: z.boolean(),
  /** Undeploying the function pauses its schedules. */
  pausedByUndeploy: z.boolean(),
  missedRuns: MissedRuns,
  nextExecutionAt: Instant.optional(),
  lastExecutionAt: Instant.optional(),
  lastExecutionFailed: z.boolean().optional(),
  createdAt: Instant,
  createdBy: z.string(),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type Schedule = z.infer<typeof Schedule>

/** What a new schedule is made of. */
export const ScheduleDraft = z.object({
  /** Chosen by the server when absent. With one, the same request again, whose answer was lost, makes no second schedule. */
  scheduleId: Uuid.optional(),
  functionId: Uuid,
  /** Five fields; at least a minute apart. */
  cronExpression: StorableText.min(1).max(200),
  /** The account's unless given. */
  timeZone: TimeZone.optional(),
  payload: z.unknown().default({}),
  active: z.boolean().default(true),
  missedRuns: MissedRuns.default('skip'),
})
export type ScheduleDraft = z.infer<typeof ScheduleDraft>

/** Members that are absent keep their values. */
export const ScheduleChange = z.object({
  cronExpression: StorableText.min(1).max(200).optional(),
  timeZone: TimeZone.optional(),
  payload: z.unknown().optional(),
  /** `true` also takes up again what undeploying paused. */
  active: z.boolean().optional(),
  missedRuns: MissedRuns.optional(),
})
export type ScheduleChange = z.infer<typeof ScheduleChange>

/** One run of a schedule and how it ended, or a due time that had none. */
export const ScheduleRun = z.object({
  dueAt: Instant,
  cause: z.enum(['due', 'missed', 'manual']),
  invocationId: z.string(),
  /** Of a due time without a run: when that was noted. */
  startedAt: Instant,
  durationMs: z.number(),
  failed: z.boolean(),
  /**
   * The function's, or why there was no run: `missed` (no node or no database then, the account was suspended, or the run before
   * had not ended), `functions_disabled`, `not_stored`.
   */
  errorCode: z.string().optional(),
})
export type ScheduleRun = z.infer<typeof ScheduleRun>

const InAccount = z.object({ accountId: z.string() })
const OneSchedule = InAccount.extend({ scheduleId: AskedId })
const base = '/api/v1/accounts/:accountId/schedules'

export const listSchedules = {
  method: 'GET',
  path: base,
  auth: 'schedule:read',
  summary: 'Schedules, with their next and last run',
  params: InAccount,
  query: z.object({ functionId: AskedId.optional() }),
  reply: z.object({ schedules: z.array(Schedule) }),
} as const satisfies RouteSpec

export const getSchedule = {
  method: 'GET',
  path: `${base}/:scheduleId`,
  auth: 'schedule:read',
  summary: 'One schedule with its next five runs',
  params: OneSchedule,
  reply: Schedule.extend({ nextRuns: z.array(Instant) }),
} as const satisfies RouteSpec

export const createSchedule = {
  method: 'POST',
  path: base,
  auth: 'schedule:write',
  summary: 'Runs a deployed function by a cron expression',
  params: InAccount,
  body: ScheduleDraft,
  reply: Schedule,
  status: 201,
} as const satisfies RouteSpec

export const changeSchedule = {
  method: 'PATCH',
  path: `${base}/:scheduleId`,
  auth: 'schedule:write',
  summary: 'Changes, pauses or resumes a schedule',
  params: OneSchedule,
  body: ScheduleChange,
  reply: Schedule,
} as const satisfies RouteSpec

export const deleteSchedule = {
  method: 'DELETE',
  path: `${base}/:scheduleId`,
  auth: 'schedule:write',
  summary: 'Deletes a schedule and its history',
  params: OneSchedule,
  status: 204,
} as const satisfies RouteSpec

export const runSchedule = {
  method: 'POST',
  path: `${base}/:scheduleId/runs`,
  auth: 'schedule:write',
  summary: 'Runs a schedule now, besides its own times',
  params: OneSchedule,
  reply: ScheduleRun,
} as const satisfies RouteSpec

export const listScheduleRuns = {
  method: 'GET',
  path: `${base}/:scheduleId/runs`,
  auth: 'schedule:read',
  summary: 'What a schedule did, newest first',
  params: OneSchedule,
  query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  reply: z.object({ runs: z.array(ScheduleRun) }),
} as const satisfies RouteSpec

export const previewSchedule = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/schedule-previews',
  auth: 'schedule:read',
  audit: false,
  summary: 'When an expression would run',
  params: InAccount,
  body: z.object({
    cronExpression: StorableText.min(1).max(200),
    /** The account's unless given. */
    timeZone: TimeZone.optional(),
    count: z.int().min(1).max(50).default(5),
  }),
  reply: z.object({ nextRuns: z.array(Instant) }),
} as const satisfies RouteSpec
