import { getClock, moveClock } from '@parley/contract'
import { type Http, route } from '#base/http'
import { openKeyedQueue } from '#base/kit'
import type { ClockDeps } from './deps.ts'
import { move, state } from './move.ts'

export function clockRoutes({ app }: Http, deps: ClockDeps): void {
  route(app, getClock, ({ params }) => state(deps, params.accountId))
  // One after the other: each begins where the one before has left the clock, and the last one says where a start goes on.
  const moves = openKeyedQueue()
  route(app, moveClock, ({ params, body }) =>
    moves.run('clock', () => move(deps, params.accountId, body)),
  )
}
