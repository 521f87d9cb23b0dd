/** What the functions of the metrics page can be sorted by. */
export const METRIC_SORTS = ['calls', 'errors', 'rate', 'p50', 'p95', 'p99', 'cold'] as const
export type MetricSort = (typeof METRIC_SORTS)[number]
