import type { RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import { documentPolicy } from '#base/kit'
import { ParleyError } from '#base/kernel'
import type { Base } from '#base/store'
import type { FastifyReply } from 'fastify'
import * as z from 'zod'
import { describeApi } from './openapi.ts'
import { apiPage } from './page.ts'
import { serverAddress } from './server-address.ts'

const readHome = {
  method: 'GET',
  path: '/',
  auth: 'public',
  summary: 'Leads to the console',
} as const satisfies RouteSpec

const readOpenApi = {
  method: 'GET',
  path: '/api/v1/openapi.json',
  auth: 'public',
  summary: 'This API as OpenAPI 3.1',
  reply: z.looseObject({ openapi: z.string(), info: z.unknown(), paths: z.unknown() }),
} as const satisfies RouteSpec

const readPage = {
  method: 'GET',
  path: '/api/v1',
  auth: 'public',
  summary: 'This API as a page',
} as const satisfies RouteSpec

const checkHealth = {
  method: 'GET',
  path: '/health',
  auth: 'public',
  summary: 'Whether this node can serve: 200, or 503 while the database is away or the node stops',
} as const satisfies RouteSpec

export interface ApiDeps extends Pick<Base, 'store'> {
  /** Of the server. */
  version: string
  /** The address that the operator has set. */
  publicUrl: string | undefined
  /** The account of the first start, for links and examples. */
  accountId: string
  /** Whether the node was told to stop, and still serves. */
  isStopping(): boolean
}

/** What describes the server itself. */
export function apiRoutes({ app }: Http, deps: ApiDeps): void {
  const { store, version, publicUrl, accountId, isStopping } = deps
  // Made at the first request, when the routes of all modules are mounted.
  let made: ReturnType<typeof describeApi> | undefined
  const api = () => (made ??= describeApi(app.parleySpecs, version))
  const page = (reply: FastifyReply, html: string) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', documentPolicy())
      .header('x-content-type-options', 'nosniff')
      .send(html)

  route(app, readHome, ({ reply }) => reply.redirect('/console'))
  route(app, readOpenApi, ({ request }) => ({
    ...api(),
    servers: [{ url: serverAddress(request, publicUrl) || '/' }],
  }))
  route(app, readPage, ({ request, reply }) =>
    page(reply, apiPage(api(), serverAddress(request, publicUrl), accountId)),
  )
  route(app, checkHealth, () => {
    if (isStopping()) throw new ParleyError('unavailable', 'This node stops')
    if (!store.isAnswering()) throw new ParleyError('unavailable', 'The database does not answer')
    const clockSkewMs = store.clockSkewMs()
    return { status: 'ok', version, ...(clockSkewMs !== 0 && { clockSkewMs }) }
  })
}
