import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { Invocations } from './open.ts'
import { testFunction } from './test-function.ts'

/** Mounts the native API of this room. */
export function mountInvocations({ app }: Http, { room }: Invocations): void {
  route(app, contract.testFunction, ({ params, body }) =>
    testFunction(room, params.accountId, params.functionId, body),
  )
}
