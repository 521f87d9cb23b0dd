import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { MetricsDeps } from './deps.ts'
import { countInvocations, countThisMonth, functionTotals, metricsOf } from './metrics.ts'
import { metricRoutes } from './routes.ts'

/** Counts and latencies of invocations, over time and by function. */
export type Metrics = ReturnType<typeof openMetrics>

export function openMetrics(deps: MetricsDeps) {
  return {
    ...withDeps(deps, {
      ofFunction: metricsOf,
      countInvocations,
      countThisMonth,
      functionTotals,
    }),
    routes: (http: Http) => metricRoutes(http, deps),
  }
}
