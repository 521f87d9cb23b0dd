import { listAudit } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { Base } from '#base/store'
import { list } from './list.ts'

/** The native API of this module. */
export function auditRoutes({ app }: Http, deps: Pick<Base, 'store'>): void {
  route(app, listAudit, ({ params, query }) => list(deps, params.accountId, query))
}
