import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { InvocationsDeps } from './deps.ts'
import { testFunction } from './test-function.ts'

/** The native API of this module. */
export function invocationRoutes({ app }: Http, deps: InvocationsDeps): void {
  route(app, contract.testFunction, ({ params, body }) =>
    testFunction(deps, params.accountId, params.functionId, body),
  )
}
