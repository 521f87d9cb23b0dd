import * as contract from '@parley/contract'
import { functionUsage } from '#faas/functions'
import { type Http, route } from '#base/http'
import { plainText, toCsv, toJsonLines } from './export-logs.ts'
import { searchLogs } from './logs.ts'
import { countThisMonth, functionMetrics, functionsHealth } from './metrics.ts'
import type { Records } from './open.ts'
import { getRecord, listRecords } from './records.ts'
import { streamTail } from './stream-tail.ts'

/** Mounts the native API of this room. */
export function mountRecords({ app }: Http, { room }: Records): void {
  route(app, contract.listInvocations, ({ params, query }) =>
    listRecords(room, params.accountId, query),
  )
  route(app, contract.getInvocation, ({ params }) =>
    getRecord(room, params.accountId, params.recordId),
  )

  route(app, contract.listLogs, async ({ params, query: { from, to, limit, ...filter } }) => ({
    entries: await searchLogs(room, params.accountId, filter, {
      ...windowOf({ from, to }),
      limit,
      order: 'desc',
    }),
  }))
  route(app, contract.exportLogs, async ({ params, query, reply }) => {
    const { from, to, format, ...filter } = query
    const { limits } = await room.accounts.settings(params.accountId)
    const entries = await searchLogs(room, params.accountId, filter, {
      ...windowOf({ from, to }),
      limit: limits.logExportRows,
      order: 'asc',
    })
    const [type, text] =
      format === 'csv'
        ? ['text/csv', toCsv(entries, plainText)]
        : ['application/jsonl', toJsonLines(entries)]
    return reply
      .type(`${type}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="logs.${format}"`)
      .send(text)
  })
  route(app, contract.tailLogs, ({ params, query, reply }) =>
    streamTail(room, params.accountId, query, reply),
  )

  route(app, contract.getFunctionMetrics, async ({ params, query }) => ({
    buckets: await functionMetrics(room, params.accountId, params.functionId, {
      from: Date.parse(query.from),
      to: Date.parse(query.to),
      bucketMs: query.bucketSeconds * 1000,
    }),
  }))
  route(app, contract.getHealth, async ({ params, query }) => ({
    functions: await functionsHealth(room, params.accountId, {
      from: Date.parse(query.from),
      to: Date.parse(query.to),
    }),
  }))
  route(app, contract.getUsage, async ({ params }) => {
    const { monthLimit: _notShown, ...usage } = await functionUsage(
      room.functions.room,
      params.accountId,
    )
    const { succeeded, failed } = await countThisMonth(room, params.accountId)
    return { ...usage, monthSucceeded: succeeded, monthFailed: failed }
  })
}

function windowOf({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  return {
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  }
}
