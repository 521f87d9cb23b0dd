import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { ReplayDeps } from './deps.ts'
import { replayInvocation } from './replay-invocation.ts'

/** The native API of this module. */
export function replayRoutes({ app }: Http, deps: ReplayDeps): void {
  route(app, contract.replayInvocation, ({ params, body, principal }) =>
    replayInvocation(deps, params.accountId, params.recordId, body, principal.permissions),
  )
}
