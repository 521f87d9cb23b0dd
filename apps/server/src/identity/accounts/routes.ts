import * as contract from '@parley/contract'
import { type Http, requireHeld, route } from '#base/http'
import * as calendars from './calendars.ts'
import type { AccountsDeps } from './deps.ts'
import { permissionsOf } from './directory.ts'
import * as skills from './skills.ts'
import * as users from './users.ts'

/** Users, skills and opening hours by the native API. */
export function accountRoutes({ app }: Http, deps: AccountsDeps): void {
  route(app, contract.listUsers, async ({ params, query: { id: ids, skillId } }) => ({
    users: await users.list(deps, params.accountId, { ids, skillId }),
  }))
  route(app, contract.getUser, ({ params }) => users.get(deps, params.accountId, params.userId))
  route(app, contract.createUser, ({ params, body, principal }) => {
    const { role = 'agent', profiles = contract.DEFAULT_PROFILES[role] } = body
    requireHeld(principal, permissionsOf({ role, profiles }))
    return users.create(deps, params.accountId, principal.name, body)
  })
  route(app, contract.changeUser, async ({ params, body, principal }) => {
    const { accountId, userId } = params
    const before = await users.get(deps, accountId, userId)
    const after = { role: body.role ?? before.role, profiles: body.profiles ?? before.profiles }
    // Who sets the password or the name of a user can be that user.
    requireHeld(principal, permissionsOf(before).union(permissionsOf(after)))
    return users.change(deps, accountId, principal.name, userId, body)
  })
  route(app, contract.deleteUser, async ({ params, principal }) => {
    const { accountId, userId } = params
    requireHeld(principal, permissionsOf(await users.get(deps, accountId, userId)))
    return users.remove(deps, accountId, principal.name, userId)
  })
  route(app, contract.endUserSessions, async ({ params, principal }) => {
    const { accountId, userId } = params
    requireHeld(principal, permissionsOf(await users.get(deps, accountId, userId)))
    return users.logOutEverywhere(deps, accountId, principal.name, userId)
  })

  route(app, contract.listSkills, async ({ params }) => ({
    skills: await skills.list(deps, params.accountId),
  }))
  route(app, contract.createSkill, ({ params, body, principal }) =>
    skills.create(deps, params.accountId, principal.name, body),
  )
  route(app, contract.changeSkill, ({ params, body, principal }) =>
    skills.change(deps, params.accountId, principal.name, params.skillId, body),
  )
  route(app, contract.deleteSkill, ({ params, principal }) =>
    skills.remove(deps, params.accountId, principal.name, params.skillId),
  )

  route(app, contract.listCalendars, async ({ params }) => ({
    calendars: await calendars.list(deps, params.accountId),
  }))
  route(app, contract.putCalendar, ({ params, body, principal }) =>
    calendars.put(deps, params.accountId, principal.name, params.owner, body),
  )
  route(app, contract.deleteCalendar, ({ params, principal }) =>
    calendars.remove(deps, params.accountId, principal.name, params.owner),
  )
  route(app, contract.getShiftStatus, async ({ params, query }) => {
    const at = query.at === undefined ? deps.clock.now() : Date.parse(query.at)
    const status = await calendars.shiftStatus(deps, params.accountId, query.skillId, at)
    const { isOpen, nextOn, nextOff } = status
    return {
      offHours: !isOpen,
      at: new Date(at).toISOString(),
      ...(nextOn !== undefined && { nextOn: new Date(nextOn).toISOString() }),
      ...(nextOff !== undefined && { nextOff: new Date(nextOff).toISOString() }),
    }
  })
}
