import { EVENTS } from '@parley/contract/events'
import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'
import { beforeItRuns, type Http, parsePart, parseQuery, route } from '#base/http'
import { answerJson } from './answers.ts'
import type { Deps } from './deps.ts'
import { matchImplementation } from './hot-paths.ts'
import { identifyInvoker } from './invoke.ts'

const InAccount = z.object({ accountId: z.string() })

const listEvents = {
  method: 'GET',
  path: '/api/account/:accountId/events',
  auth: 'function:read',
  params: InAccount,
} as const satisfies RouteSpec

const isImplemented = {
  method: 'GET',
  path: '/api/account/:accountId/events/:eventId/isImplemented',
  auth: 'function:invoke',
  params: InAccount.extend({ eventId: z.string() }),
  query: z.object({ skillId: z.string().optional() }),
} as const satisfies RouteSpec

/**
 * The events, and whether a deployed function implements one, which published clients ask on the connections of their calls: ahead of the
 * framework, but for paths that are spelt otherwise. Both dialects spell these alike.
 */
export function eventRoutes(http: Http, { functions, settings }: Deps): void {
  const { app } = http
  async function implementation(accountId: string, eventId: string, skillId?: string) {
    const { functionsEnabled } = await settings.get(accountId)
    const found = functionsEnabled
      ? await functions.deployed.find(accountId, { eventId, skillId })
      : []
    return { implemented: found.length > 0 }
  }

  route(app, listEvents, () =>
    EVENTS.map(({ id, name, description, limit }) => ({
      eventId: id,
      eventName: name,
      description,
      lambdaLimit: limit,
    })),
  )
  route(app, isImplemented, ({ params: { accountId, eventId }, query: { skillId } }) =>
    implementation(accountId, eventId, skillId),
  )
  http.plain('GET', matchImplementation, async ({ request, params, query }) => {
    const { accountId = '', eventId = '' } = params
    const principal = await identifyInvoker(http, request, accountId)
    const { skillId } = parsePart(isImplemented.query, parseQuery(query), 'query')
    const found = () => implementation(accountId, eventId, skillId)
    return answerJson(await beforeItRuns(principal, found))
  })
}
