import { listAudit } from '@parley/contract'
import { type Http, route } from '#base/http'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import * as listing from './list.ts'
import * as recording from './record.ts'

export type Audit = ReturnType<typeof openAudit>

/** Who has done what in an account. */
export function openAudit(deps: Pick<Base, 'store' | 'clock' | 'ids'>) {
  return {
    ...withDeps(deps, recording),
    ...withDeps(deps, listing),
    routes({ app }: Http): void {
      route(app, listAudit, ({ params, query }) => listing.list(deps, params.accountId, query))
    },
  }
}
