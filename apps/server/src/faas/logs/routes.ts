import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { LogsDeps } from './deps.ts'
import { toCsv, toJsonLines } from './export-logs.ts'
import { searchLogs } from './search-logs.ts'
import { streamTail } from './stream-tail.ts'

/** The native API of this module. */
export function logRoutes({ app }: Http, deps: LogsDeps): void {
  route(app, contract.listLogs, async ({ params, query: { from, to, limit, ...filter } }) => ({
    entries: await searchLogs(deps, params.accountId, filter, {
      ...windowOf({ from, to }),
      limit,
      order: 'desc',
    }),
  }))
  route(app, contract.exportLogs, async ({ params, query, reply }) => {
    const { from, to, format, ...filter } = query
    const { limits } = await deps.settings.get(params.accountId)
    const entries = await searchLogs(deps, params.accountId, filter, {
      ...windowOf({ from, to }),
      limit: limits.logExportRows,
      order: 'asc',
    })
    const [type, text] =
      format === 'csv'
        ? ['text/csv', toCsv(entries, { withoutFormulas: true })]
        : ['application/jsonl', toJsonLines(entries)]
    return reply
      .type(`${type}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="logs.${format}"`)
      .send(text)
  })
  route(app, contract.tailLogs, ({ params, query, reply }) =>
    streamTail(deps, params.accountId, query, reply),
  )
}

function windowOf({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  return {
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  }
}
