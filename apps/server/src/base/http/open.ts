import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '@parley/contract'
import type { FastifyInstance } from 'fastify'
import { openOverload, openRefusals, type Overload } from '#base/bounds'
import { ParleyError, systemClock } from '#base/kernel'
import { openLane, type PlainRequest, type Serve } from '#base/lane'
import type { Base, Store, Suspensions } from '#base/store'
import {
  addressMatcher,
  type ClientAddress,
  clientAddresses,
  type FunctionConnections,
  tlsReach,
} from './client-address.ts'
import { openRestReader } from './rest-reader.ts'
import {
  type ErrorDialect,
  type FailedRequest,
  type FormattedFailure,
  formatFailure,
} from './error-dialects.ts'
import { failureOf } from './failure.ts'
import { openFramework } from './framework.ts'
import { answerHot, type HotHandler, type HotRequest, hotTable, type PlainHandler } from './hot.ts'
import { countInFlight } from './in-flight.ts'
import type { KnownRoute } from './known-routes.ts'
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts'
import {
  type ConnectionEvent,
  countConnections,
  type Listener,
  type ListenOptions,
  startListener,
} from './listeners.ts'
import type { PathMatch } from './match-path.ts'
import type { CallAudit, Guard } from './principal.ts'
import { requireOwnAccount } from './host-names.ts'
import { answerOnSocket } from './raw-answer.ts'
import { requestIdOf } from './request-id.ts'
import { completeAnswer, failedAnswer, type HotAnswer, sendAnswer } from './send-answer.ts'
import {
  HandshakeRefused,
  openUpgrades,
  type UpgradeHandler,
  type UpgradeOptions,
} from './upgrades.ts'

const SOCKET_CLOSE_MS = 2000

/** The listeners of a server: any number of ports, one table of paths. */
export interface Http extends AsyncDisposable {
  readonly app: FastifyInstance
  /** What the lane may answer, ahead of Node and the framework. A handler reads the body by `readBody` alone. */
  plain(method: PlainRequest['method'], match: PathMatch, handle: PlainHandler): void
  /** Paths that are answered ahead of the framework. */
  hot(method: string, match: PathMatch, handle: HotHandler): void
  upgrade(match: PathMatch, handle: UpgradeHandler, options?: UpgradeOptions): void
  /** Spells the errors of some paths the published way. The first dialect that matches counts. */
  speak(dialect: ErrorDialect): void
  /** Whether the request came by a listener for the sandbox. */
  isInternal(request: IncomingMessage): boolean
  readonly clientAddress: ClientAddress
  /** To be called for a request of a known caller that does not come by `app`. See `Overload`. */
  readonly admit: Overload['admit']
  /** Everything that is mounted, but WebSockets. */
  routes(): KnownRoute[]
  /** May be called again for another port (TLS). Nothing can be mounted afterwards. */
  listen(options: ListenOptions): Promise<{ port: number }>
  /** Takes no more requests, closes sockets with 1001, lets running requests finish for at most `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>
}

export interface OpenHttpDeps extends Pick<Base, 'logger' | 'ids' | 'monotonic'> {
  /** Finds the callers of routes that are not public. */
  guard: Guard
  /** Knows which accounts are suspended, and tells other nodes of changes; without it none is, and nothing is told. */
  store?: {
    suspensions: Pick<Suspensions, 'has'>
    waitingMs?: () => number
    notify?: Store['notify']
  }
  /** Notes what callers do. Without it nothing is noted. */
  audit?: CallAudit
  limits?: Partial<HttpLimits>
  /** `false` leaves all requests to Node: what the lane is compared with. */
  lane?: boolean
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  trustedProxies?: readonly string[]
  /** The operator's own address of this server. */
  publicUrl?: string | undefined
  /** Tells the functions of accounts apart, which all call from this machine. */
  functionConnections?: Pick<FunctionConnections, 'accountOf' | 'addressOf'>
}

export function openHttp(deps: OpenHttpDeps): Http {
  const { logger, ids, monotonic, guard, trustedProxies = [] } = deps
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const dialects: ErrorDialect[] = []
  const listeners: Listener[] = []
  const plain = hotTable<HotRequest>()
  const hot = hotTable<IncomingMessage>()
  const internalRequests = new WeakSet<HotRequest>()
  const forwarded = clientAddresses(trustedProxies)
  const peer = clientAddresses([])
  // Functions are on this machine, which may be trusted, and can send any header.
  const clientAddress: ClientAddress = (request) =>
    internalRequests.has(request)
      ? (deps.functionConnections?.addressOf(request) ?? peer(request))
      : forwarded(request)
  const countConnection = countConnections(limits.connections, addressMatcher(trustedProxies))
  const upgrades = openUpgrades(clientAddress, {
    limit: limits.connections.limit,
    each: limits.socketsPerAddress,
  })
  const overload = openOverload({
    monotonic,
    lateMs: limits.overloadMs,
    waitingMs: deps.store?.waitingMs,
  })
  const refusals = openRefusals(monotonic, limits.refusalsPerSecond)
  const inFlight = countInFlight()
  const lane = openLane({
    monotonic,
    now: systemClock().now,
    limits,
    begin: inFlight.add,
  })
  const restReader = openRestReader()
  const fail = (request: FailedRequest, thrown: unknown, requestId: string) =>
    formatFailure(dialects, request, failureOf(logger, thrown, requestId))
  const held = ({ headers }: FormattedFailure, socket: object) =>
    'retry-after' in headers ? refusals.hold(socket) : undefined
  const framework = openFramework({
    ...deps,
    held,
    limits,
    otherMethods: (path) => [...plain.methodsOf(path), ...hot.methodsOf(path)],
    isUpgrade: upgrades.matches,
    fail,
  })
  const { app } = framework
  app.decorate('parleySpecs', [])
  app.decorate('parleyGuard', guard)
  app.decorate('parleyAudit', deps.audit ?? undefined)
  app.decorate('parleyAddress', clientAddress)
  app.decorate('parleyByTls', tlsReach(deps.publicUrl))
  app.decorate('parleyAdmit', overload.admit)
  app.decorate('parleyStore', {
    suspensions: deps.store?.suspensions ?? { has: () => false },
    notify: deps.store?.notify ?? (() => undefined),
  })

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    response.once('close', inFlight.add(response))
    restReader.watch(request, response)
    const refusal = refusalOf(request)
    const found = refusal ? undefined : (plain.find(request) ?? hot.find(request))
    if (!found && !refusal) {
      framework.take(request, response)
      return
    }
    const requestId = requestIdOf(ids, request.headers)
    const answered = found ? answerHot(found, request, requestId) : Promise.reject(refusal)
    answered
      .catch((thrown: unknown) => failureAnswer(request, requestId, thrown))
      .then((answer) => sendAnswer(response, requestId, answer))
      .catch((error: unknown) => {
        logger.error({ err: error, requestId }, 'An answer could not be sent')
        response.destroy()
      })
  }

  /** How the lane answers requests to a path, if it may. */
  function findPlain(
    asked: Pick<PlainRequest, 'method' | 'url'>,
    isInternal: boolean,
  ): Serve | undefined {
    const found = plain.find(asked)
    if (!found) return undefined
    return (request) => {
      if (isInternal) internalRequests.add(request)
      const refusal = refusalOf(request)
      const requestId = requestIdOf(ids, request.headers)
      const answered = refusal ? Promise.reject(refusal) : answerHot(found, request, requestId)
      return answered.then(
        (answer) => completeAnswer(requestId, answer),
        async (thrown: unknown) =>
          completeAnswer(requestId, await failureAnswer(request, requestId, thrown)),
      )
    }
  }

  async function failureAnswer(
    request: HotRequest,
    requestId: string,
    thrown: unknown,
  ): Promise<HotAnswer> {
    const failure = fail(placeOf(request), thrown, requestId)
    await held(failure, request.socket)
    return failedAnswer(failure)
  }

  /** A function reaches its own account only. */
  function requireOwn(request: HotRequest): void {
    if (!internalRequests.has(request)) return
    const account = deps.functionConnections?.accountOf(request)
    if (account !== undefined) requireOwnAccount(request, account)
  }

  /** Why a request of a function is not for this server. */
  function refusalOf(request: HotRequest): unknown {
    try {
      requireOwn(request)
    } catch (error) {
      return error
    }
    return undefined
  }

  function onSocketError(error: Error): void {
    logger.debug({ err: error }, 'socket failed')
  }

  async function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Without this listener an error of the socket would end the process.
    socket.on('error', onSocketError)
    const requestId = requestIdOf(ids, request.headers)
    try {
      requireOwn(request)
      if (await upgrades.take(request, socket, head, requestId)) return
      throw new ParleyError('not_found', 'There is no WebSocket at this path')
    } catch (thrown) {
      if (thrown instanceof HandshakeRefused) return
      answerOnSocket(socket, fail(placeOf(request), thrown, requestId))
    }
  }

  function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || wasSilent(socket) || restReader.isAnswered(socket)) {
      socket.destroy()
      return
    }
    const thrown = new ParleyError(...failureOfClientError(error))
    answerOnSocket(
      socket,
      formatFailure([], { method: '', url: '/' }, failureOf(logger, thrown, '')),
    )
  }

  async function drain(timeoutMs: number): Promise<void> {
    const closed = listeners.map((listener) => listener.close())
    lane.endIdle()
    const late = Promise.withResolvers<void>()
    using _timer = monotonic.after(timeoutMs, late.resolve)
    // A socket whose other end is gone never answers the close.
    using _goodbye = monotonic.after(Math.min(timeoutMs, SOCKET_CLOSE_MS), upgrades.terminate)
    const finished = Promise.all([upgrades.close(1001, 'The server stops'), inFlight.finish()])
    await Promise.race([finished, late.promise])
    upgrades.terminate()
    for (const listener of listeners) listener.destroyAll()
    await Promise.all(closed)
    listeners.length = 0
  }

  return {
    app,
    plain: plain.add,
    hot: hot.add,
    upgrade: upgrades.add,
    isInternal: (request) => internalRequests.has(request),
    clientAddress,
    admit: overload.admit,
    routes: () => [...framework.routes(), ...plain.list(), ...hot.list()],
    speak: (dialect) => void dialects.push(dialect),
    async listen(options) {
      await app.ready()
      const isInternal = options.internal === true
      const events = {
        listening(server: Server, event: ConnectionEvent) {
          if (deps.lane !== false) lane.join(server, event, (asked) => findPlain(asked, isInternal))
        },
        connection: (socket: Socket) => countConnection(socket, isInternal),
        request(request: IncomingMessage, response: ServerResponse) {
          if (isInternal) internalRequests.add(request)
          onRequest(request, response)
        },
        upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
          if (isInternal) internalRequests.add(request)
          void onUpgrade(request, socket, head)
        },
        clientError: onClientError,
      }
      const listener = await startListener(options, limits, events)
      listeners.push(listener)
      return { port: listener.port }
    },
    drain,
    async [Symbol.asyncDispose]() {
      await drain(0)
      await app.close()
      overload[Symbol.dispose]()
    },
  }
}

function placeOf({ method = 'GET', url = '/', headers }: HotRequest): FailedRequest {
  return { method, url, authorization: headers.authorization }
}

/** Whether nothing has been asked on it: an answer would be taken for that of the request that is just being sent. */
function wasSilent(socket: Duplex): boolean {
  return socket instanceof Socket && socket.bytesRead === 0
}

function failureOfClientError(error: NodeJS.ErrnoException): [ErrorCode, string] {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return ['request_timeout', 'The request did not arrive in time']
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return ['headers_too_large', 'The request headers are too large']
  }
  return ['invalid_request', `The request is not HTTP: ${error.message}`]
}
