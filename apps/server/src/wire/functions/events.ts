import { EVENTS } from '@parley/contract/events'
import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'
import { type Http, route } from '#base/http'
import type { Deps } from './deps.ts'

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

/** The events, and whether a deployed function implements one. Both dialects spell these alike. */
export function eventRoutes({ app }: Http, { functions, settings }: Deps): void {
  route(app, listEvents, () =>
    EVENTS.map(({ id, name, description, limit }) => ({
      eventId: id,
      eventName: name,
      description,
      lambdaLimit: limit,
    })),
  )
  route(app, isImplemented, async ({ params: { accountId, eventId }, query: { skillId } }) => {
    const { functionsEnabled } = await settings.get(accountId)
    const found = functionsEnabled
      ? await functions.deployed.find(accountId, { eventId, skillId })
      : []
    return { implemented: found.length > 0 }
  })
}
