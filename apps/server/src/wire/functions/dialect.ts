/** A request with `v=1` is in the first published dialect, whatever its host is. */
export function isV1(query: string): boolean {
  return /(?:^|&)v=1(?:&|$)/.test(query)
}

const MANAGEMENT =
  /^\/api\/account\/[^/]+\/(?:lambdas|deployments|runtimes|events|schedules|proxy-settings|logs|reports)(?:\/|$)/
const INVOCATION =
  /^\/api\/account\/[^/]+\/(?:lambdas\/[^/]+\/invoke|events\/[^/]+\/(?:invoke|isImplemented))\/?$/
const V2_ONLY = /^\/api\/account\/[^/]+\/functions(?:\/|$)/

/** Which published dialect an error on this path is spelt in. The command line reads V1 on every management path. */
export function dialectOf({ path, query }: { path: string; query: string }): 1 | 2 | undefined {
  if (V2_ONLY.test(path)) return 2
  if (INVOCATION.test(path)) return isV1(query) ? 1 : 2
  return MANAGEMENT.test(path) ? 1 : undefined
}
