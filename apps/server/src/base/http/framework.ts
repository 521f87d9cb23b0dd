import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { type Ids, lineLog, type Logger, type Monotonic, ParleyError } from '#base/kernel'
import type { FailedRequest, FormattedFailure } from './error-dialects.ts'
import { splitUrl } from './error-dialects.ts'
import { type KnownRoute, rememberRoutes } from './known-routes.ts'
import type { HttpLimits } from './limits.ts'
import { acceptBodies } from './parse-body.ts'
import { parseQuery } from './parse-query.ts'
import { requestIdOf } from './request-id.ts'
import { ANSWER_HEADERS } from './send-answer.ts'

const MAX_SHOWN_PATH = 200
const NATIVE = '/api/v1/'
const MIN_GZIP_CHARACTERS = 65_536
/** A tenth of the size in a third of the time that the usual level takes. */
const QUICK = 3
const ACCEPTS_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/

export interface FrameworkDeps {
  logger: Logger
  ids: Ids
  monotonic: Monotonic
  limits: HttpLimits
  /** The methods that a path has outside of the framework. */
  otherMethods(path: string): string[]
  isUpgrade(path: string): boolean
  fail(request: FailedRequest, thrown: unknown, requestId: string): FormattedFailure
  /** To be awaited before the failure is answered on this connection. */
  held(failure: FormattedFailure, socket: object): Promise<void> | undefined
}

/** Requests are read by `route()`. The framework's own reader of schemas would be loaded with it, which takes a twentieth of a start. */
function noSchemas(): never {
  throw new Error('Routes of Parley have no schemas of the framework')
}

/** Fastify set up for everything but the hot paths: ids, bodies, errors, one log line per request. */
export function openFramework(deps: FrameworkDeps): {
  app: FastifyInstance
  routes: () => KnownRoute[]
  /**
   * Answers a request. The route of GET takes HEAD, too, whose answer Node sends without its body: the framework's own routes for it would
   * take a twelfth of a start, and 8 MB.
   */
  take(request: IncomingMessage, response: ServerResponse): void
} {
  const answer = async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { method, originalUrl: url } = request
    const { 'user-agent': userAgent, authorization } = request.headers
    const failure = deps.fail({ method, url, userAgent, authorization }, thrown, request.id)
    await deps.held(failure, request.raw.socket)
    const { status, headers, body, reason } = failure
    if (reason !== undefined) reply.raw.statusMessage = reason
    // The framework closes the connection of a body that is too large, and the client may then never read why.
    return reply
      .removeHeader('connection')
      .code(status)
      .headers({ ...headers, 'x-request-id': request.id })
      .type('application/json; charset=utf-8')
      .send(body)
  }
  const app = fastify({
    // See `take`.
    exposeHeadRoutes: false,
    bodyLimit: deps.limits.bodyBytes,
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(deps.ids, request.headers),
    frameworkErrors: (error: FastifyError, request, reply) => void answer(error, request, reply),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 2048,
      querystringParser: parseQuery,
    },
  })
  acceptBodies(app)
  const logRequest = lineLog(deps.logger, 'request')
  const routes = rememberRoutes(app)

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, ...ANSWER_HEADERS })
    // Before the body is read: nothing will be done with it.
    if (request.is404) throw notFoundError(request, reply)
  })
  // Without a promise for all the answers that are sent as they are.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isWorthGzip(request, reply, payload)) sendGzipped(reply, payload, done)
    else done(null, payload)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, originalUrl, id: requestId } = request
    const line = { requestId, method, path: redactUrl(originalUrl), status: reply.statusCode }
    logRequest({ ...line, ms: Math.round(reply.elapsedTime) })
  })
  app.setErrorHandler((thrown, request, reply) => answer(thrown, request, reply))
  app.setNotFoundHandler((request, reply) => answer(notFoundError(request, reply), request, reply))

  function notFoundError(request: FastifyRequest, reply: FastifyReply): ParleyError {
    const { path } = splitUrl(request.originalUrl)
    const methods = [...new Set([...routes.methodsOf(path), ...deps.otherMethods(path)])]
    if (methods.length > 0) reply.header('allow', methods.join(', '))
    return notFound(request.method, path, methods, deps.isUpgrade(path))
  }
  return {
    app,
    routes: routes.list,
    take(request, response) {
      const { method } = request
      if (method === 'HEAD') request.method = 'GET'
      app.routing(request, response)
      request.method = method
    },
  }
}

/** Lists of large accounts take megabytes, and a slow line a minute for each. Published answers stay as they are. */
function isWorthGzip(
  { raw, originalUrl, headers }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): payload is string {
  return (
    typeof payload === 'string' &&
    payload.length >= MIN_GZIP_CHARACTERS &&
    raw.method === 'GET' &&
    originalUrl.startsWith(NATIVE) &&
    ACCEPTS_GZIP.test(headers['accept-encoding'] ?? '') &&
    String(reply.getHeader('content-type')).startsWith('application/json')
  )
}

/** Made by a thread beside: nothing else waits for it. */
function sendGzipped(
  reply: FastifyReply,
  payload: string,
  done: (error: Error | null, packed?: Buffer) => void,
): void {
  gzip(payload, { level: QUICK }, (error, packed) => {
    if (error) return done(error)
    reply.headers({
      'content-encoding': 'gzip',
      'content-length': packed.length,
      vary: 'accept-encoding',
    })
    done(null, packed)
  })
}

function notFound(method: string, path: string, methods: string[], upgrade: boolean): ParleyError {
  const shown = redactUrl(path).slice(0, MAX_SHOWN_PATH)
  if (upgrade) return new ParleyError('upgrade_required', `${shown} is a WebSocket`)
  if (methods.length === 0) return new ParleyError('not_found', `There is nothing at ${shown}`)
  return new ParleyError(
    'method_not_allowed',
    `${shown} does not take ${method}, only ${methods.join(', ')}`,
  )
}

/** The path of a URL for the log: without the query and without the tokens that the published paths carry. */
function redactUrl(url: string): string {
  return splitUrl(url)
    .path.replaceAll(/\/brand\/[^/]+/g, '/brand/[redacted]')
    .replaceAll(/eyJ[^/]+/g, '[redacted]')
}
