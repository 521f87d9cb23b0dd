import type { FastifyRequest } from 'fastify'
import { guarded, type Http, requirePermission, route, routesForPages } from '#base/http'
import { isRefusal } from '#base/kernel'
import type { Deps } from './deps.ts'
import * as specs from './specs.ts'

/** What pages of other sites ask for. */
const ASKED_BY_PAGES = {
  methods: 'GET',
  headers: 'content-type, authorization',
  paths: [specs.shiftStatusOfSkill.path],
}

/** As published: whether a skill is in its hours, by its own calendar or the account's. */
export function shiftRoutes(http: Http, deps: Deps): void {
  const { accounts, credentials, clock } = deps

  async function statusOf(accountId: string, skillId: string): Promise<object> {
    const { isOpen, nextOn, nextOff } = await accounts.shiftStatus(accountId, skillId, clock.now())
    return {
      skillId: Number(skillId),
      onShift: isOpen,
      ...(nextOn !== undefined && { nextOn }),
      ...(nextOff !== undefined && { nextOff }),
    }
  }

  /** A consumer's token, or a caller of the account. */
  async function admit(request: FastifyRequest): Promise<true> {
    const { accountId } = request.params as { accountId: string }
    const [, token = ''] = /^(?:bearer|jwt) (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (await isConsumer(accountId, token)) return true
    requirePermission(await http.app.parleyGuard(guarded(request), accountId), 'account:read')
    return true
  }

  async function isConsumer(accountId: string, token: string): Promise<boolean> {
    try {
      await credentials.consumerTokens.verify(accountId, token)
      return true
    } catch (error) {
      if (isRefusal(error) && error.code !== 'account_suspended') return false
      throw error
    }
  }

  route(http.app, specs.shiftStatus, async ({ params: { accountId } }) => {
    const skills = await accounts.skills.list(accountId)
    return Promise.all(skills.map(({ skillId }) => statusOf(accountId, skillId)))
  })
  // As published: a skill that does not exist has the hours of the account.
  routesForPages(http, ASKED_BY_PAGES, (app) =>
    route(
      app,
      specs.shiftStatusOfSkill,
      ({ params: { accountId, skillId } }) => statusOf(accountId, skillId),
      admit,
    ),
  )
}
