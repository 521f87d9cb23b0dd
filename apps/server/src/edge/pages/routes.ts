import { z } from 'zod'
import type { RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import { type Bundle, bundleConsumerPage } from './bundle.ts'
import { consumerPage, PAGE_POLICY, PAGE_STYLE } from './page.ts'

const showConsumerPage = {
  method: 'GET',
  path: '/consumer/:accountId',
  auth: 'public',
  summary: 'The messaging window as a page of its own',
  params: z.object({ accountId: z.string().regex(/^\w{1,32}$/) }),
  query: z.object({
    channel: z.enum(['messaging', 'chat']).optional(),
    skill: z.string().max(32).optional(),
    language: z.string().max(35).optional(),
    signIn: z.enum(['true', 'false']).optional(),
  }),
} as const satisfies RouteSpec

const readScript = {
  method: 'GET',
  path: '/consumer.js',
  auth: 'public',
  summary: 'The messaging window for other pages: <script src="…/consumer.js" data-account="…">',
} as const satisfies RouteSpec

const readStyle = {
  method: 'GET',
  path: '/consumer.css',
  auth: 'public',
} as const satisfies RouteSpec

/** What the browser of a consumer loads. */
export function pageRoutes({ app }: Http): void {
  let made: Promise<Bundle> | undefined
  const bundle = () => (made ??= bundleConsumerPage())

  route(app, showConsumerPage, ({ params, query, reply }) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .send(
        consumerPage({
          accountId: params.accountId,
          channel: query.channel,
          skill: query.skill,
          language: query.language,
          signIn: query.signIn === 'true',
        }),
      ),
  )
  route(app, readStyle, ({ reply }) => reply.type('text/css; charset=utf-8').send(PAGE_STYLE))
  route(app, readScript, async ({ request, reply }) => {
    const { text, gzipped, tag } = await bundle()
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('etag', tag)
      .header('vary', 'accept-encoding')
      .header('cross-origin-resource-policy', 'cross-origin')
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(text)
  })
}
