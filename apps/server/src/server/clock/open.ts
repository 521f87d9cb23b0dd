import type { Http } from '#base/http'
import { isVirtual, systemClock } from '#base/kernel'
import type { OpenClockDeps } from './deps.ts'
import { goOn } from './go-on.ts'
import { clockRoutes } from './routes.ts'

/**
 * The clock of a development server. It goes on from where the last run has left it. On the system's clock there are no routes to
 * move it.
 */
export async function openClock(deps: OpenClockDeps) {
  const system = systemClock()
  const following = new DisposableStack()
  const { clock, delivery } = deps
  await goOn(deps, system)
  if (isVirtual(clock)) following.use(clock.follow(delivery.follower))
  return {
    routes(http: Http): void {
      if (isVirtual(clock)) clockRoutes(http, { ...deps, clock, system })
    },
    [Symbol.dispose]: () => following.dispose(),
  }
}
