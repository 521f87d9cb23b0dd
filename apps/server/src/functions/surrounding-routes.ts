import * as contract from '@parley/contract'
import { type Http, route } from '#http'
import { allowDomain, listDomains, removeDomain } from './allowlist.ts'
import { listBlockedCalls } from './list-blocked-calls.ts'
import { checkRedirects } from './check-redirects.ts'
import { nextRuns } from './cron.ts'
import type { FunctionsRoom } from './room.ts'
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listScheduleRuns,
  listSchedules,
} from './schedules.ts'
import { createSecret, deleteSecret, listSecrets, replaceSecret } from './secrets.ts'

/** Secrets, allowed domains and schedules. */
export function surroundingRoutes({ app }: Http, room: FunctionsRoom): void {
  route(app, contract.listSecrets, async ({ params, query }) => ({
    secrets: await listSecrets(room, params.accountId, query),
  }))
  route(app, contract.createSecret, ({ params, body, principal }) =>
    createSecret(room, params.accountId, principal.name, body),
  )
  route(app, contract.replaceSecret, ({ params, body, principal }) =>
    replaceSecret(room, params.accountId, principal.name, params.name, body),
  )
  route(app, contract.deleteSecret, ({ params, principal }) =>
    deleteSecret(room, params.accountId, principal.name, params.name),
  )

  route(app, contract.listAllowedDomains, async ({ params, query }) => ({
    domains: await listDomains(room, params.accountId, query),
  }))
  route(app, contract.allowDomain, ({ params, body, principal }) =>
    allowDomain(room, params.accountId, principal.name, body),
  )
  route(app, contract.removeAllowedDomain, ({ params, principal }) =>
    removeDomain(room, params.accountId, principal.name, params.domainId),
  )

  route(app, contract.checkRedirects, ({ params, body }) =>
    checkRedirects(room, params.accountId, body.url),
  )

  route(app, contract.listBlockedCalls, async ({ params, query }) => ({
    blockedCalls: await listBlockedCalls(room, params.accountId, query),
  }))

  route(app, contract.listSchedules, async ({ params, query }) => ({
    schedules: await listSchedules(room, params.accountId, query.functionId),
  }))
  route(app, contract.getSchedule, async ({ params }) => {
    const schedule = await getSchedule(room, params.accountId, params.scheduleId)
    return { ...schedule, nextRuns: previewRuns(room, schedule, 5) }
  })
  route(app, contract.createSchedule, ({ params, body, principal }) =>
    createSchedule(room, params.accountId, principal.name, body),
  )
  route(app, contract.changeSchedule, ({ params, body, principal }) =>
    changeSchedule(room, params.accountId, principal.name, params.scheduleId, body),
  )
  route(app, contract.deleteSchedule, ({ params, principal }) =>
    deleteSchedule(room, params.accountId, principal.name, params.scheduleId),
  )
  route(app, contract.listScheduleRuns, async ({ params, query }) => ({
    runs: await listScheduleRuns(room, params.accountId, params.scheduleId, query.limit),
  }))
  route(app, contract.previewSchedule, ({ body: { count, ...times } }) => ({
    nextRuns: previewRuns(room, times, count),
  }))
}

function previewRuns(
  { clock }: FunctionsRoom,
  times: { cronExpression: string; timeZone: string },
  count: number,
): string[] {
  return nextRuns(times, clock.now(), count).map((at) => at.toISOString())
}
