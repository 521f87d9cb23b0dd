import { getClock, moveClock } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { ClockDeps } from './deps.ts'
import { move, state } from './move.ts'

export function clockRoutes({ app }: Http, deps: ClockDeps): void {
  route(app, getClock, ({ params }) => state(deps, params.accountId))
  route(app, moveClock, ({ params, body }) => move(deps, params.accountId, body))
}
