import * as z from 'zod'
import { AskedId, type RouteSpec, type Schedule, Uuid } from '@parley/contract'
import { type Http, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'

const base = '/api/account/:accountId/schedules'
const InAccount = z.object({ accountId: z.string() })
const OneSchedule = InAccount.extend({ uuid: AskedId })

const list = {
  method: 'GET',
  path: base,
  auth: 'schedule:read',
  params: InAccount,
} as const satisfies RouteSpec
const create = {
  method: 'POST',
  path: base,
  auth: 'schedule:write',
  params: InAccount,
  body: z.looseObject({
    lambdaUUID: Uuid,
    cronExpression: z.string().min(1).max(200),
    isActive: z.boolean().default(true),
    payload: z.unknown().optional(),
  }),
  status: 201,
} as const satisfies RouteSpec
const update = {
  method: 'PUT',
  path: `${base}/:uuid`,
  auth: 'schedule:write',
  params: OneSchedule,
  body: z.looseObject({
    cronExpression: z.string().min(1).max(200).optional(),
    isActive: z.boolean().optional(),
    payload: z.unknown().optional(),
  }),
} as const satisfies RouteSpec
const remove = {
  method: 'DELETE',
  path: `${base}/:uuid`,
  auth: 'schedule:write',
  params: OneSchedule,
} as const satisfies RouteSpec

/** In this dialect, undeploying a function deletes its schedules: paused schedules are not shown. */
export function scheduleRoutesV1({ app }: Http, { schedules }: Deps): void {
  route(app, list, async ({ params }) => {
    const all = await schedules.list(params.accountId)
    return all.filter(({ pausedByUndeploy }) => !pausedByUndeploy).map(toScheduleV1)
  })
  route(app, create, async ({ params, body, principal }) => {
    const draft = {
      functionId: body.lambdaUUID,
      cronExpression: body.cronExpression,
      timeZone: 'UTC',
      payload: body.payload ?? {},
      active: body.isActive,
      missedRuns: 'skip' as const,
    }
    const options = { replacePaused: true }
    return toScheduleV1(await schedules.create(params.accountId, principal.name, draft, options))
  })
  route(app, update, async ({ params: { accountId, uuid }, body, principal }) => {
    await getShown(accountId, uuid)
    return toScheduleV1(
      await schedules.change(accountId, principal.name, uuid, {
        ...(body.cronExpression !== undefined && { cronExpression: body.cronExpression }),
        ...(body.isActive !== undefined && { active: body.isActive }),
        ...(body.payload !== undefined && { payload: body.payload }),
      }),
    )
  })
  route(app, remove, async ({ params: { accountId, uuid }, principal }) => {
    await getShown(accountId, uuid)
    await schedules.delete(accountId, principal.name, uuid)
  })

  async function getShown(accountId: string, scheduleId: string): Promise<void> {
    const { pausedByUndeploy } = await schedules.get(accountId, scheduleId)
    if (!pausedByUndeploy) return
    throw new ParleyError('schedule_not_found', `There is no schedule ${scheduleId}`)
  }
}

function toScheduleV1(schedule: Schedule) {
  return {
    uuid: schedule.scheduleId,
    lambdaUUID: schedule.functionId,
    cronExpression: schedule.cronExpression,
    isActive: schedule.active,
    createdBy: schedule.createdBy,
    lastExecution: schedule.lastExecutionAt ?? null,
    nextExecution: schedule.nextExecutionAt ?? null,
    didLastExecutionFail: schedule.lastExecutionFailed ?? null,
    payload: schedule.payload,
  }
}
