import { getConsumerPage, pageLanguage, type RouteSpec, StorableText } from '@parley/contract'
import * as z from 'zod'
import { type Http, route } from '#base/http'
import { requireAllowed } from './allowed-sites.ts'
import { type Bundle, bundleConsumerPage } from './bundle.ts'
import type { PageDeps } from './deps.ts'
import { consumerPage, PAGE_STYLE } from './page.ts'
import { pagePolicy } from './policy.ts'
import { isThere, readConsumerPage } from './read-consumer-page.ts'

/** Whoever follows a link cannot mend it: what the page does not know counts as absent, as in the attributes of its script. */
function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined)
}

const CampaignId = lenient(StorableText.max(64))
const Flag = lenient(z.enum(['true', 'false']))
/** No account and no skill: the page says that there is no such one. */
const NOWHERE = '-'

const showConsumerPage = {
  method: 'GET',
  path: '/consumer/:accountId',
  auth: 'public',
  knowsSuspended: true,
  summary: 'The messaging window as a page of its own',
  params: z.object({
    accountId: z
      .string()
      .regex(/^\w{1,32}$/)
      .catch(NOWHERE),
  }),
  query: z.object({
    channel: lenient(z.enum(['messaging', 'chat'])),
    skill: z.string().max(32).optional().catch(NOWHERE),
    language: lenient(z.string().max(35)),
    campaign: CampaignId,
    engagement: CampaignId,
    signIn: Flag,
    preview: Flag,
  }),
} as const satisfies RouteSpec

const readScript = {
  method: 'GET',
  path: '/consumer.js',
  auth: 'public',
  summary: 'The messaging window for other pages: <script src="…/consumer.js" data-account="…">',
} as const satisfies RouteSpec

const readPreviewScript = {
  method: 'GET',
  path: '/consumer-preview.js',
  auth: 'public',
  summary: 'The same window, where the console shows what is not saved yet',
} as const satisfies RouteSpec

const readStyle = {
  method: 'GET',
  path: '/consumer.css',
  auth: 'public',
} as const satisfies RouteSpec

/** What the browser of a consumer loads. */
export function pageRoutes({ app }: Pick<Http, 'app'>, deps: PageDeps): void {
  route(app, showConsumerPage, async ({ params, query, request, reply }) => {
    const { accountId } = params
    // The page itself says that there is no such account or skill.
    if (!(await isThere(deps, accountId, query.skill))) reply.code(404)
    const { consumerPage: look, messaging } = await deps.settings.get(accountId)
    const { host, 'accept-language': acceptLanguage } = request.headers
    const { signIn, preview, ...options } = query
    const isPreview = preview === 'true'
    const policy = pagePolicy({
      host,
      logoUrl: look.logoUrl,
      // A logo that is not saved yet may come from anywhere.
      imageHosts: isPreview ? null : messaging.imageHosts,
      sites: look.allowedSites,
    })
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .header('vary', 'accept-language')
      .send(
        consumerPage({
          ...options,
          accountId,
          pageLanguage: pageLanguage(query.language, acceptLanguage),
          signIn: signIn === 'true',
          isPreview,
        }),
      )
  })
  route(app, getConsumerPage, async ({ params, query, request, reply }) => {
    // A page that is refused is told so, too.
    reply.header('access-control-allow-origin', '*')
    const page = await readConsumerPage(deps, params.accountId, query.skill)
    requireAllowed(page.look.allowedSites, request.headers)
    return page
  })
  route(app, readStyle, ({ reply }) => reply.type('text/css; charset=utf-8').send(PAGE_STYLE))
  scriptRoute(app, readScript, 'consumer')
  scriptRoute(app, readPreviewScript, 'consumer-preview')
}

function scriptRoute(
  app: Http['app'],
  spec: typeof readScript | typeof readPreviewScript,
  name: 'consumer' | 'consumer-preview',
): void {
  let made: Promise<Bundle> | undefined
  function script(): Promise<Bundle> {
    if (made) return made
    made = bundleConsumerPage(name)
    // Whoever waits is told that it has failed; the next request tries again.
    made.catch(() => (made = undefined))
    return made
  }
  route(app, spec, async ({ request, reply }) => {
    const { text, gzipped, tag } = await script()
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
