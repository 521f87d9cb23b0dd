import * as contract from '@parley/contract'
import { listAudit } from '#identity/credentials'
import { type Http, route } from '#base/http'
import { deleteCalendar, putCalendar } from './calendars.ts'
import type { Accounts } from './open.ts'
import { changeSettings } from './settings.ts'
import { changeSkill, createSkill, deleteSkill } from './skills.ts'
import { changeUser, createUser, deleteUser, getUser } from './users.ts'

/** Users, skills, settings, opening hours and audit by the native API. */
export function accountRoutes({ app }: Http, { room, ...accounts }: Accounts): void {
  route(app, contract.listUsers, async ({ params }) => ({
    users: await accounts.users.list(params.accountId),
  }))
  route(app, contract.getUser, ({ params }) => getUser(room, params.accountId, params.userId))
  route(app, contract.createUser, ({ params, body, principal }) =>
    createUser(room, params.accountId, principal.name, body),
  )
  route(app, contract.changeUser, ({ params, body, principal }) =>
    changeUser(room, params.accountId, principal.name, params.userId, body),
  )
  route(app, contract.deleteUser, ({ params, principal }) =>
    deleteUser(room, params.accountId, principal.name, params.userId),
  )

  route(app, contract.listSkills, async ({ params }) => ({
    skills: await accounts.skills.list(params.accountId),
  }))
  route(app, contract.createSkill, ({ params, body, principal }) =>
    createSkill(room, params.accountId, principal.name, body),
  )
  route(app, contract.changeSkill, ({ params, body, principal }) =>
    changeSkill(room, params.accountId, principal.name, params.skillId, body),
  )
  route(app, contract.deleteSkill, ({ params, principal }) =>
    deleteSkill(room, params.accountId, principal.name, params.skillId),
  )

  route(app, contract.getAccountSettings, ({ params }) => accounts.settings(params.accountId))
  route(app, contract.changeAccountSettings, ({ params, body, principal }) =>
    changeSettings(room, params.accountId, principal.name, body),
  )

  route(app, contract.listCalendars, async ({ params }) => ({
    calendars: [...(await room.calendars.get(params.accountId))].map(([owner, calendar]) => ({
      owner,
      calendar,
    })),
  }))
  route(app, contract.putCalendar, ({ params, body, principal }) =>
    putCalendar(room, params.accountId, principal.name, params.owner, body),
  )
  route(app, contract.deleteCalendar, ({ params, principal }) =>
    deleteCalendar(room, params.accountId, principal.name, params.owner),
  )
  route(app, contract.getShiftStatus, async ({ params, query }) => {
    const at = query.at === undefined ? room.clock.now() : Date.parse(query.at)
    const offHours = await accounts.offHours(params.accountId, query.skillId, at)
    return { offHours, at: new Date(at).toISOString() }
  })

  route(app, contract.listAudit, ({ params, query }) =>
    listAudit(room.store.db, params.accountId, query),
  )
}
