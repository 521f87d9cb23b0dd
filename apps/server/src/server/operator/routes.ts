import {
  endAccount,
  exportAccount,
  listAccounts,
  listBounds,
  listNodes,
  listOperatorEntries,
  listServerWork,
  makeAccount,
  resumeAccount,
  type RouteSpec,
  setAdminPassword,
  suspendAccount,
} from '@parley/contract'
import { ALL_ACCOUNTS } from '#base/delivery'
import { type Http, route, type RouteHandler, within } from '#base/http'
import type { OperatorDeps } from './deps.ts'
import { end } from './end.ts'
import { listBoundUses } from './bounds.ts'
import { listEntries } from './entries.ts'
import { openExports } from './export.ts'
import { list } from './list.ts'
import { make } from './make.ts'
import { listRunningNodes } from './nodes.ts'
import { admitOperator } from './operator-key.ts'
import { setPassword } from './admin-password.ts'
import { resume, suspend } from './suspend.ts'

/** The operator's API. */
export function operatorRoutes(http: Http, deps: OperatorDeps, key: string): void {
  const exports = openExports(deps)
  const admit = admitOperator(http, deps.accounts, key)

  /** A route for the operator only. What it does is noted with address and key. */
  function operatorRoute<const Spec extends RouteSpec & { auth: 'operator' }>(
    spec: Spec,
    handler: RouteHandler<Spec>,
  ): void {
    route(
      http.app,
      spec,
      (call) => {
        const address = http.clientAddress(call.request.raw)
        return within({ principal: call.admitted, address }, () => handler(call))
      },
      admit,
    )
  }

  operatorRoute(makeAccount, ({ body }) => make(deps, body))
  operatorRoute(listAccounts, ({ query }) => list(deps, query))
  operatorRoute(suspendAccount, ({ params, body }) => suspend(deps, params.accountId, body))
  operatorRoute(resumeAccount, ({ params }) => resume(deps, params.accountId))
  operatorRoute(setAdminPassword, ({ params, body }) => setPassword(deps, params.accountId, body))
  operatorRoute(endAccount, ({ params, body }) => end(deps, params.accountId, body))
  operatorRoute(exportAccount, async ({ params, reply }) =>
    reply
      .type('application/jsonl; charset=utf-8')
      .header('content-disposition', `attachment; filename="${params.accountId}.jsonl"`)
      .send(await exports.start(params.accountId)),
  )
  operatorRoute(listOperatorEntries, ({ query }) => listEntries(deps, query))
  operatorRoute(listBounds, () => listBoundUses(deps))
  operatorRoute(listServerWork, async () => {
    const work = await deps.delivery.recurring(ALL_ACCOUNTS)
    return { recurring: work.map((one) => ({ ...one, of: 'server' as const })) }
  })
  operatorRoute(listNodes, () => listRunningNodes(deps))
}
