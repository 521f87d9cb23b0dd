import * as z from 'zod'
import { allowDomain, RowNumber, type RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { Deps } from './deps.ts'

const base = '/api/account/:accountId/proxy-settings'
const InAccount = z.object({ accountId: z.string() })

const list = {
  method: 'GET',
  path: base,
  auth: 'allowlist:read',
  params: InAccount,
} as const satisfies RouteSpec
const add = {
  method: 'POST',
  path: base,
  auth: 'allowlist:write',
  params: InAccount,
  body: z.looseObject(allowDomain.body.shape),
  status: 201,
} as const satisfies RouteSpec
const remove = {
  method: 'DELETE',
  path: `${base}/:id`,
  auth: 'allowlist:write',
  params: InAccount.extend({ id: RowNumber }),
} as const satisfies RouteSpec

/** The allowlist, which this dialect calls proxy settings. */
export function domainRoutesV1({ app }: Http, { functionConfig: { allowlist } }: Deps): void {
  route(app, list, async ({ params }) => {
    const domains = await allowlist.list(params.accountId, { provisioned: true })
    return domains.map(({ domainId: id, domain, name }) => ({ id, domain, name }))
  })
  route(app, add, async ({ params, body: { domain, name }, principal }) => {
    const added = await allowlist.allow(params.accountId, principal.name, { domain, name })
    return { id: added.domainId, domain: added.domain, name: added.name }
  })
  route(app, remove, ({ params, principal }) =>
    allowlist.remove(params.accountId, principal.name, params.id),
  )
}
