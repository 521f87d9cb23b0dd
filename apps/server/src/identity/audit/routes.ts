import { Readable } from 'node:stream'
import { exportAudit, listAudit } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { AuditDeps } from './deps.ts'
import { type AuditQuery, list } from './list.ts'

const EXPORT_PAGE = 500

/** The native API of this module. */
export function auditRoutes({ app }: Http, deps: Pick<AuditDeps, 'store' | 'repeated'>): void {
  route(app, listAudit, ({ params, query }) => list(deps, params.accountId, query))
  route(app, exportAudit, ({ params, query, reply }) =>
    reply
      .type('application/jsonl; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.jsonl"')
      .send(Readable.from(linesOf(deps, params.accountId, query))),
  )
}

/** Page by page, so that a long export stays small in memory. */
async function* linesOf(
  deps: Pick<AuditDeps, 'store' | 'repeated'>,
  accountId: string,
  filter: Omit<AuditQuery, 'limit' | 'after'>,
): AsyncGenerator<string> {
  let after: string | undefined
  do {
    const { entries, next } = await list(deps, accountId, { ...filter, limit: EXPORT_PAGE, after })
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    after = next
  } while (after !== undefined)
}
