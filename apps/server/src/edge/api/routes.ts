import type { RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import type { Base } from '#base/store'
import { sql } from 'kysely'
import { describeApi } from './openapi.ts'
import { apiPage, PAGE_POLICY } from './page.ts'

const readOpenApi = {
  method: 'GET',
  path: '/api/v1/openapi.json',
  auth: 'public',
  summary: 'This API as OpenAPI 3.1',
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
  summary: 'Whether this node can serve: 200, or 503 while the database is away',
} as const satisfies RouteSpec

export interface ApiDeps extends Pick<Base, 'store'> {
  /** Of the server. */
  version: string
}

/** What describes the server itself. */
export function apiRoutes({ app }: Http, { store, version }: ApiDeps): void {
  // Made at the first request, when the routes of all modules are mounted.
  let made: ReturnType<typeof describeApi> | undefined
  const api = () => (made ??= describeApi(app.parleySpecs, version))
  route(app, readOpenApi, api)
  route(app, readPage, ({ reply }) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .send(apiPage(api())),
  )
  route(app, checkHealth, async () => {
    await sql`select 1`.execute(store.db)
    return { status: 'ok', version }
  })
}
