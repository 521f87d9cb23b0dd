import type { Skill, User } from '@parley/contract'
import type { FastifyRequest } from 'fastify'
import { guarded, type Http, requirePermission, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import * as specs from './specs.ts'

/** The published lists of users and skills, which functions read through `LpClient`. */
export function directoryRoutes(http: Http, { accounts }: Deps): void {
  const { app } = http
  route(app, specs.listUsers, async ({ params, query }) => {
    const users = await accounts.users.list(params.accountId)
    return users.map((user) => selected(publishedUser(user), query.select))
  })
  route(app, specs.oneUser, async ({ params: { accountId, userId }, query, request, reply }) => {
    const user = await accounts.users.find(accountId, userId)
    const isPid = !/^\d+$/.test(userId)
    if (!isPid) await requireReader(request, accountId)
    if (!user) throw new ParleyError('not_found', `There is no user "${userId}"`)
    if (!isPid) return selected(publishedUser(user), query.select)
    openToPages(reply)
    return agentProfile(user)
  })
  route(app, specs.listSkills, async ({ params, query }) => {
    const skills = await accounts.skills.list(params.accountId)
    return skills.map((skill) => selected(publishedSkill(skill), query.select))
  })
  route(app, specs.oneSkill, async ({ params: { accountId, skillId }, query }) => {
    const skills = await accounts.skills.list(accountId)
    const skill = skills.find((one) => one.skillId === skillId)
    if (!skill) throw new ParleyError('not_found', `There is no skill "${skillId}"`)
    return selected(publishedSkill(skill), query.select)
  })

  async function requireReader(request: FastifyRequest, accountId: string): Promise<void> {
    requirePermission(await app.parleyGuard(guarded(request), accountId), 'account:read')
  }
}

/** The nickname, the picture, and nothing that helps to log in. */
function agentProfile({ pid, nickname, kind, pictureUrl }: User): object {
  return { id: pid, pid, nickname, isBot: kind === 'bot', ...(pictureUrl && { pictureUrl }) }
}

/** As published: kinds of users. */
const USER_TYPES: Record<User['kind'], number> = { human: 1, bot: 2 }

function publishedUser(user: User): Record<string, unknown> {
  const { userId, pid, loginName, fullName, nickname, email, pictureUrl, skillIds, maxSlots } = user
  return {
    id: Number(userId),
    pid,
    deleted: false,
    loginName,
    fullName,
    nickname,
    ...(email !== undefined && { email }),
    ...(pictureUrl !== undefined && { pictureUrl }),
    userTypeId: USER_TYPES[user.kind],
    isEnabled: user.enabled,
    maxAsyncChats: maxSlots,
    skillIds: skillIds.map(Number),
  }
}

function publishedSkill({ skillId, name, description }: Skill): Record<string, unknown> {
  return { id: Number(skillId), name, description, deleted: false }
}

/** `select` names members, separated by commas. Those that do not exist are left out; `$all` means all. */
function selected(
  whole: Record<string, unknown>,
  select: string | undefined,
): Record<string, unknown> {
  const names = (select ?? '$all').split(',').map((name) => name.trim())
  if (names.includes('$all')) return whole
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))
}
