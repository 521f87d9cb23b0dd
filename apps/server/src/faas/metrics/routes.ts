import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { MetricsDeps } from './deps.ts'
import { countThisMonth, functionMetrics, functionsHealth } from './metrics.ts'

/** The native API of this module. */
export function metricRoutes({ app }: Http, deps: MetricsDeps): void {
  route(app, contract.getFunctionMetrics, async ({ params, query }) => ({
    buckets: await functionMetrics(deps, params.accountId, params.functionId, {
      from: Date.parse(query.from),
      to: Date.parse(query.to),
      bucketMs: query.bucketSeconds * 1000,
    }),
  }))
  route(app, contract.getHealth, async ({ params, query }) => ({
    functions: await functionsHealth(deps, params.accountId, {
      from: Date.parse(query.from),
      to: Date.parse(query.to),
    }),
  }))
  route(app, contract.getUsage, async ({ params }) => {
    const { monthLimit: _notShown, ...usage } = await deps.functions.usage(params.accountId)
    const { succeeded, failed } = await countThisMonth(deps, params.accountId)
    return { ...usage, monthSucceeded: succeeded, monthFailed: failed }
  })
}
