import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { pageLanguage, type RouteSpec } from '@parley/contract'
import * as z from 'zod'
import { type Http, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { ConsoleFiles } from './build.ts'
import { CONSOLE_POLICY, consoleDocument, beingBuiltDocument } from './document.ts'
import type { ConsoleDeps } from './deps.ts'
import { findConsole } from './kept.ts'

const expand = promisify(gunzip)

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ttf: 'font/ttf',
}

const showConsole = {
  method: 'GET',
  path: '/console',
  auth: 'public',
  summary: 'The console: functions, runs and logs in the browser',
} as const satisfies RouteSpec

const showWorkspace = {
  method: 'GET',
  path: '/workspace',
  auth: 'public',
  summary: 'The workspace of agents: their conversations in the browser',
} as const satisfies RouteSpec

/** What stands behind `/console` and `/workspace` is for the pages themselves. */
const PAGES = [
  [showConsole, 'studio'],
  [{ ...showConsole, path: '/console/*' }, 'studio'],
  [showWorkspace, 'workspace'],
  [{ ...showWorkspace, path: '/workspace/*' }, 'workspace'],
] as const

const readAsset = {
  method: 'GET',
  path: '/console/assets/:name',
  auth: 'public',
  params: z.object({ name: z.string().regex(/^[\w.-]{1,100}$/) }),
} as const satisfies RouteSpec

/** What the browsers of developers and agents load. */
export function consoleRoutes({ app }: Pick<Http, 'app'>, deps: ConsoleDeps): void {
  let build: { files: Promise<ConsoleFiles>; isBuilding: Promise<void> } | undefined
  function begun(): NonNullable<typeof build> {
    if (!build) {
      // What was built before is waited for, however slow the disk is; what has to be built takes longer, and its pages say so.
      const { promise: isBuilding, resolve } = Promise.withResolvers<void>()
      build = { files: findConsole(deps.cacheDir, resolve), isBuilding }
      // Nobody may wait for it when it fails: the next request is told.
      build.files.catch(() => undefined)
    }
    return build
  }
  /** What has failed is told once, and tried again at the request after that. */
  async function told<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (error) {
      build = undefined
      throw error
    }
  }

  for (const [spec, page] of PAGES) {
    route(app, spec, async ({ request, reply }) => {
      const { files, isBuilding } = begun()
      const found = await told(Promise.race([files, isBuilding]))
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', CONSOLE_POLICY)
        .header('referrer-policy', 'no-referrer')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-cache')
      if (found) return reply.send(consoleDocument(found.names[page], found.names, deps))
      const language = pageLanguage(undefined, request.headers['accept-language'])
      return reply
        .code(503)
        .header('retry-after', '2')
        .header('vary', 'accept-language')
        .send(beingBuiltDocument(language))
    })
  }
  route(app, readAsset, async ({ params, request, reply }) => {
    const { gzipped } = await told(begun().files)
    const asset = gzipped.get(params.name)
    if (!asset) throw new ParleyError('not_found', 'This version of the console has no such file')
    const ending = params.name.slice(params.name.lastIndexOf('.') + 1)
    reply
      .type(TYPES[ending] ?? 'application/octet-stream')
      // The name changes with the content.
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
      .header('x-content-type-options', 'nosniff')
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    return takesGzip
      ? reply.header('content-encoding', 'gzip').send(asset)
      : reply.send(await expand(asset))
  })
}
