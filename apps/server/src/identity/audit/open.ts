import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { openCallAudit } from './calls.ts'
import type { AuditDeps, OpenAuditDeps } from './deps.ts'
import * as listing from './list.ts'
import * as recording from './record.ts'
import { openRepeated } from './repeated.ts'
import * as retention from './retention.ts'
import { auditRoutes } from './routes.ts'

export type Audit = ReturnType<typeof openAudit>

/** Who has done what in an account. */
export function openAudit(given: OpenAuditDeps) {
  const repeated = openRepeated(given)
  const deps: AuditDeps = { ...given, repeated }
  return {
    ...withDeps(deps, recording),
    ...withDeps(deps, listing),
    ...withDeps(deps, retention),
    calls: openCallAudit(deps),
    note: repeated.note,
    tally: repeated.tally,
    routes: (http: Http): void => auditRoutes(http, deps),
    [Symbol.asyncDispose]: () => repeated[Symbol.asyncDispose](),
  }
}
