import * as z from 'zod'
import { AskedId, listOf, LogLevel, type RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import { toCsv } from '#faas/logs'
import type { Deps } from './deps.ts'

const base = '/api/account/:accountId'
const InAccount = z.object({ accountId: z.string() })
const INSTANT = 'must be a time in milliseconds since 1970'
const MAX_TIMESTAMP = 8_640_000_000_000_000
const MAX_BUCKET_S = 2_592_000
const Timestamp = z.coerce.number(INSTANT).int(INSTANT).min(0, INSTANT).max(MAX_TIMESTAMP, INSTANT)
const Window = z.object({ startTimestamp: Timestamp, endTimestamp: Timestamp })

const exportLogs = {
  method: 'GET',
  path: `${base}/logs/export`,
  auth: 'log:read',
  params: InAccount,
  query: z.object({
    lambdaUUID: AskedId.optional(),
    startTimestamp: Timestamp.optional(),
    endTimestamp: Timestamp.optional(),
    filterLevels: listOf(LogLevel),
  }),
} as const satisfies RouteSpec
const limitCounts = {
  method: 'GET',
  path: `${base}/reports/limitCounts`,
  auth: 'report:read',
  params: InAccount,
} as const satisfies RouteSpec
const lambdaCounts = { ...limitCounts, path: `${base}/reports/lambdaCounts` } as const
const invocationCounts = {
  ...limitCounts,
  path: `${base}/reports/invocationCounts`,
  query: Window,
} as const satisfies RouteSpec
const invocationsOfLambda = {
  ...limitCounts,
  path: `${base}/reports/invocations/:uuid`,
  params: InAccount.extend({ uuid: AskedId }),
  query: Window.extend({
    // The last bucket ends at a time, too.
    endTimestamp: Timestamp.max(MAX_TIMESTAMP - MAX_BUCKET_S * 1000, INSTANT),
    bucketSize: z.coerce.number().int().min(60).max(MAX_BUCKET_S),
  }),
} as const satisfies RouteSpec

/** Logs and metrics as the command line reads them. */
export function reportRoutesV1({ app }: Http, { settings, functions, logs, metrics }: Deps): void {
  route(app, exportLogs, async ({ params: { accountId }, query, reply }) => {
    const { limits } = await settings.get(accountId)
    const filter = { functionId: query.lambdaUUID, level: query.filterLevels }
    const entries = await logs.search(accountId, filter, {
      from: query.startTimestamp,
      to: query.endTimestamp,
      limit: limits.logExportRows,
      order: 'asc',
    })
    return reply.type('text/csv; charset=utf-8').send(toCsv(entries))
  })
  route(app, limitCounts, async ({ params }) => {
    const usage = await functions.usage(params.accountId)
    return {
      limitTotalLambdas: usage.functionLimit,
      limitDeployedLambdas: usage.deployedLimit,
      invocationLimitPerMonth: usage.invocationsPerMonth,
    }
  })
  route(app, lambdaCounts, async ({ params: { accountId } }) => {
    const { functions: total, deployed } = await functions.usage(accountId)
    return { accountId, total, deployed }
  })
  route(app, invocationCounts, async ({ params, query }) => {
    const window = { from: query.startTimestamp, to: query.endTimestamp }
    const { succeeded, failed } = await metrics.countInvocations(params.accountId, window)
    return { successfulInvocations: succeeded, unsuccessfulInvocations: failed }
  })
  route(app, invocationsOfLambda, async ({ params: { accountId, uuid }, query }) => {
    const buckets = await metrics.ofFunction(accountId, uuid, {
      from: query.startTimestamp,
      to: query.endTimestamp,
      bucketMs: query.bucketSize * 1000,
    })
    // Exactly these seven members in this order: the command line makes the columns of its CSV from them.
    const invocationStatistics = buckets.map((bucket) => ({
      from: Date.parse(bucket.from),
      to: Date.parse(bucket.to),
      SUCCEEDED: bucket.SUCCEEDED,
      UNKOWN: bucket.UNKOWN,
      CODING_FAILURE: bucket.CODING_FAILURE,
      PLATFORM_FAILURE: bucket.PLATFORM_FAILURE,
      TIMEOUT: bucket.TIMEOUT,
    }))
    return { invocationStatistics }
  })
}
