import * as z from 'zod'
import { FunctionState, listOf, type RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { Deps } from './deps.ts'
import { eventFilterOf, toFunctionV2 } from './shapes.ts'

const list = {
  method: 'GET',
  path: '/api/account/:accountId/functions',
  auth: 'function:read',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    functionName: z.string().optional(),
    eventId: z.string().optional(),
    state: listOf(FunctionState),
  }),
} as const satisfies RouteSpec

export function functionRoutesV2({ app }: Http, { functions: { drafts } }: Deps): void {
  route(app, list, async ({ params, query: { functionName, eventId, state } }) => {
    const filter = { name: functionName, eventId: eventFilterOf(eventId), states: state }
    return (await drafts.list(params.accountId, filter)).map(toFunctionV2)
  })
}
