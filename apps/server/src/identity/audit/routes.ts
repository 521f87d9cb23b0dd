import { type AuditEntry, exportAudit, exportAuditCsv, listAudit } from '@parley/contract'
import { type Http, route } from '#base/http'
import { textStream } from '#base/kernel'
import type { AuditDeps } from './deps.ts'
import { CSV_HEADER, csvLines } from './csv.ts'
import { type AuditQuery, list } from './list.ts'

const EXPORT_PAGE = 500

/** The native API of this module. */
export function auditRoutes({ app }: Http, deps: Pick<AuditDeps, 'store' | 'repeated'>): void {
  route(app, listAudit, ({ params, query }) => list(deps, params.accountId, query))
  route(app, exportAudit, ({ params, query, reply }) =>
    reply
      .type('application/jsonl; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.jsonl"')
      .send(textStream(exported(deps, params.accountId, query, jsonLines))),
  )
  route(app, exportAuditCsv, ({ params, query, reply }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .send(textStream(exported(deps, params.accountId, query, csvLines, CSV_HEADER))),
  )
}

function jsonLines(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

/** Page by page, so that a long export stays small in memory. */
async function* exported(
  deps: Pick<AuditDeps, 'store' | 'repeated'>,
  accountId: string,
  filter: Omit<AuditQuery, 'limit' | 'after'>,
  write: (entries: readonly AuditEntry[]) => string,
  header = '',
): AsyncGenerator<string> {
  yield header
  let after: string | undefined
  do {
    const { entries, next } = await list(deps, accountId, { ...filter, limit: EXPORT_PAGE, after })
    yield write(entries)
    after = next
  } while (after !== undefined)
}
