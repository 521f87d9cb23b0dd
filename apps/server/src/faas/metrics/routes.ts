import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { MetricsDeps } from './deps.ts'
import { countThisMonth, functionsHealth, metricsOf } from './metrics.ts'

/** The native API of this module. */
export function metricRoutes({ app }: Http, deps: MetricsDeps): void {
  route(app, contract.getAccountMetrics, async ({ params, query }) => ({
    buckets: await metricsOf(deps, params.accountId, undefined, {
      ...windowOf(deps, query),
      bucketMs: query.bucketSeconds * 1000,
    }),
  }))
  route(app, contract.getFunctionMetrics, async ({ params, query }) => ({
    buckets: await metricsOf(deps, params.accountId, params.functionId, {
      ...windowOf(deps, query),
      bucketMs: query.bucketSeconds * 1000,
    }),
  }))
  route(app, contract.getHealth, async ({ params, query }) => ({
    functions: await functionsHealth(deps, params.accountId, windowOf(deps, query)),
  }))
  route(app, contract.getUsage, async ({ params }) => {
    const { invocationsPerMonth: fairUsePerMonth, ...usage } = await deps.functions.usage(
      params.accountId,
    )
    const { succeeded, failed } = await countThisMonth(deps, params.accountId)
    return { ...usage, fairUsePerMonth, monthSucceeded: succeeded, monthFailed: failed }
  })
}

const DAY_MS = 86_400_000

/** The last 24 hours, or those before the named end. */
function windowOf(
  { clock }: Pick<MetricsDeps, 'clock'>,
  asked: { from?: string | undefined; to?: string | undefined },
): { from: number; to: number } {
  const to = asked.to === undefined ? clock.now() : Date.parse(asked.to)
  return { from: asked.from === undefined ? to - DAY_MS : Date.parse(asked.from), to }
}
