import {
  AccountSettings,
  type AllSettings,
  changeAccountSettings,
  getAccountSettings,
  ownSettings,
  type RouteSpec,
  type SettingsGroup,
  shownSettings,
} from '@parley/contract'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { type Http, invalidRequest, type Principal, requirePermission, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { change, type OwnName, replace } from './change.ts'
import type { SettingsDeps } from './deps.ts'

interface OwnRoutes {
  get: RouteSpec & { params: AccountParams; reply: z.ZodType<AllSettings[OwnName]> }
  put: RouteSpec & { params: AccountParams; body: z.ZodType<AllSettings[OwnName]> }
}
type AccountParams = z.ZodType<{ accountId: string }>

/** Settings by the native API: what `/settings` shows, and a path for each group that has one of its own. */
export function settingsRoutes({ app }: Http, deps: SettingsDeps): void {
  const shown = Object.entries<SettingsGroup>(shownSettings)
  route(app, getAccountSettings, async ({ params, principal }) => {
    for (const [, { read }] of shown) requirePermission(principal, read)
    return AccountSettings.parse(await deps.cache.get(params.accountId))
  })
  route(app, changeAccountSettings, ({ params, body, principal }) => {
    for (const [name, { write }] of shown) if (name in body) requirePermission(principal, write)
    return change(deps, params.accountId, principal.name, body)
  })
  for (const name of Object.keys(ownSettings) as OwnName[]) {
    const { get, put }: OwnRoutes = ownSettings[name]
    route(app, get, async ({ params }) => (await deps.cache.get(params.accountId))[name])
    route(app, put, ({ params, body, principal }) =>
      replace(deps, params.accountId, principal.name, name, body, (before) => {
        requireFieldWrites(principal, ownSettings[name], before, body)
        refuseProblems(ownSettings[name], before, body)
      }),
    )
  }
}

/** Some fields need more than the permission to change their group. */
function requireFieldWrites(
  principal: Principal,
  { fieldWrites = {} }: SettingsGroup,
  before: object,
  after: object,
): void {
  const [old, wanted] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  for (const [field, permission] of Object.entries(fieldWrites)) {
    if (isDeepStrictEqual(old.get(field), wanted.get(field))) continue
    if (principal.permissions.has(permission)) continue
    const message = `body.${field}: the caller may not change it, as it lacks the permission "${permission}"`
    throw new ParleyError('forbidden', message, { lacks: permission })
  }
}

function refuseProblems(group: SettingsGroup, before: object, after: object): void {
  const problems = group.problems?.(after, before) ?? []
  if (problems.length === 0) return
  const issues = problems.map((problem) => ({ ...problem, code: 'custom' as const, input: after }))
  throw invalidRequest(new z.ZodError(issues), 'body')
}
