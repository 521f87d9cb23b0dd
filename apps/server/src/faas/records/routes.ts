import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { RecordsDeps } from './deps.ts'
import { exportRecords } from './export-records.ts'
import { getRecord, listRecords } from './records.ts'

/** The native API of this module. */
export function recordRoutes({ app }: Http, deps: RecordsDeps): void {
  route(app, contract.listInvocations, ({ params, query }) =>
    listRecords(deps, params.accountId, query),
  )
  route(app, contract.exportInvocations, async ({ params, query, reply }) => {
    const { type, text } = await exportRecords(deps, params.accountId, query)
    return reply
      .type(type)
      .header('content-disposition', `attachment; filename="runs.${query.format}"`)
      .send(text)
  })
  route(app, contract.getInvocation, ({ params }) =>
    getRecord(deps, params.accountId, params.recordId),
  )
}
