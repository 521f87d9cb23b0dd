import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import * as listing from './list.ts'
import * as recording from './record.ts'
import { auditRoutes } from './routes.ts'

export type Audit = ReturnType<typeof openAudit>

/** Who has done what in an account. */
export function openAudit(deps: Pick<Base, 'store' | 'clock' | 'ids'>) {
  return {
    ...withDeps(deps, recording),
    ...withDeps(deps, listing),
    routes: (http: Http): void => auditRoutes(http, deps),
  }
}
