import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { RecordsDeps } from './deps.ts'
import { getRecord, listRecords } from './records.ts'

/** The native API of this module. */
export function recordRoutes({ app }: Http, deps: RecordsDeps): void {
  route(app, contract.listInvocations, ({ params, query }) =>
    listRecords(deps, params.accountId, query),
  )
  route(app, contract.getInvocation, ({ params }) =>
    getRecord(deps, params.accountId, params.recordId),
  )
}
