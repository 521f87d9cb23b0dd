import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant } from './text.ts'

const Percentiles = {
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  p99Ms: z.number().optional(),
}

/**
 * Counts and latency of the invocations between `from` and `to` (`spec/platform.md` 11).
 * Published misspelling: `UNKOWN`, see `INVOCATION_STATES`.
 */
export const MetricBucket = z.object({
  from: Instant,
  to: Instant,
  SUCCEEDED: z.int(),
  UNKOWN: z.int(),
  CODING_FAILURE: z.int(),
  PLATFORM_FAILURE: z.int(),
  TIMEOUT: z.int(),
  coldStarts: z.int(),
  ...Percentiles,
})
export type MetricBucket = z.infer<typeof MetricBucket>

/** Counts and latency of one function in a window. */
export const FunctionHealth = z.object({
  functionId: z.string(),
  name: z.string(),
  eventId: z.string().optional(),
  invocations: z.int(),
  failures: z.int(),
  coldStarts: z.int(),
  ...Percentiles,
  /** A function in a conversation that takes longer than a second for one of twenty customers. */
  slow: z.boolean(),
})
export type FunctionHealth = z.infer<typeof FunctionHealth>

/** The last 24 hours unless given: `to` is now, and `from` a day before it. */
const Window = z.object({ from: Instant.optional(), to: Instant.optional() })
const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId'

const Buckets = Window.extend({
  bucketSeconds: z.coerce.number().int().min(60).max(2_592_000).default(3600),
})

export const getAccountMetrics = {
  method: 'GET',
  path: `${base}/metrics`,
  auth: 'report:read',
  summary: 'Counts, cold starts and latency of all functions together by bucket',
  params: InAccount,
  query: Buckets,
  reply: z.object({ buckets: z.array(MetricBucket) }),
} as const satisfies RouteSpec

export const getFunctionMetrics = {
  method: 'GET',
  path: `${base}/functions/:functionId/metrics`,
  auth: 'report:read',
  summary: 'Counts, cold starts and latency of one function by bucket',
  params: InAccount.extend({ functionId: AskedId }),
  query: Buckets,
  reply: z.object({ buckets: z.array(MetricBucket) }),
} as const satisfies RouteSpec

export const getHealth = {
  method: 'GET',
  path: `${base}/functions-health`,
  auth: 'report:read',
  summary: 'All functions beside each other',
  params: InAccount,
  query: Window,
  reply: z.object({ functions: z.array(FunctionHealth) }),
} as const satisfies RouteSpec

export const getUsage = {
  method: 'GET',
  path: `${base}/usage`,
  auth: 'report:read',
  summary: 'Functions and invocations against the limits of the account',
  params: InAccount,
  reply: z.object({
    functions: z.int(),
    functionLimit: z.int(),
    deployed: z.int(),
    deployedLimit: z.int(),
    monthSucceeded: z.int(),
    monthFailed: z.int(),
    fairUsePerMonth: z.int(),
  }),
} as const satisfies RouteSpec
