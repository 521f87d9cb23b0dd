import type { Http } from '#base/http'
import type { OperatorDeps } from './deps.ts'
import { endTimer } from './end.ts'
import { operatorRoutes } from './routes.ts'
import { sampleFunctionConsumer } from './sample-function-row.ts'

/** What the operator does with whole accounts. Its API exists only where the operator has set a key. */
export function openOperator(deps: OperatorDeps) {
  const { operatorKey, delivery } = deps
  delivery.consume(sampleFunctionConsumer(deps))
  delivery.onTimer(endTimer(deps))
  return {
    routes(http: Http): void {
      if (operatorKey !== undefined) operatorRoutes(http, deps, operatorKey)
    },
  }
}
