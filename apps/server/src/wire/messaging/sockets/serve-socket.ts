import type { WebSocket } from 'ws'
import type { UpgradeCall } from '#base/http'
import { actionable, messageOf, ParleyError } from '#base/kernel'
import {
  type Answer,
  BadFrame,
  parseFrame,
  type Request,
  requestName,
  responseFrame,
  sentence,
} from '#wire/messaging/format'
import type { Connection, Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { Endpoint, Origin } from './endpoint.ts'
import type { Limits } from './floods.ts'
import { openBucket, takeToken } from '#base/bounds'
import { countIncoming, Incoming } from './incoming.ts'
import type { ServedSocket } from './served-socket.ts'
import { SocketConnection } from './socket-connection.ts'

const MAX_IN_FLIGHT = 1000
/** Of messages that wait, more than anybody types. Every socket may have so many, and those of all wait for each other. */
const FEW = 3
const MESSAGE = 'ms.PublishEvent'
/** Requests that may wait until their client is known. */
const MAX_UNAUTHENTICATED = 20

/** Whose socket it is. */
interface Client {
  accountId: string
  limits: Limits
  /** Who limits count it by: an agent by itself, as many of them have one address, and anybody else by its address. */
  group: string
  origin?: Origin
  /** Absent when the handshake did not authenticate the client, also when it was wrong. */
  openSession?: ((connection: Connection) => Session) | undefined
}

/**
 * Completes the handshake, and answers the requests that come. A client that has not authenticated takes a place until it has,
 * and sends little until then, also while its socket is being closed because its token is wrong.
 * @throws ParleyError `rate_limited` when its address has too many of these places
 */
export function acceptSocket(
  deps: Deps,
  endpoint: Endpoint,
  call: Pick<UpgradeCall, 'accept'>,
  client: Client,
): Connection {
  if (client.openSession) return serveSocket(deps, endpoint, call.accept(), client)
  using opened = new DisposableStack()
  const place = deps.unauthenticated.take(client.group)
  if (!place) throw new ParleyError('rate_limited', 'Too many sockets have not authenticated yet')
  opened.use(place)
  const socket = call.accept()
  opened.move()
  return serveSocket(deps, endpoint, socket, { ...client, place })
}

/** Answers the requests that come by a socket. Those about one conversation are answered in order. */
function serveSocket(
  deps: Deps,
  endpoint: Endpoint,
  socket: WebSocket,
  { accountId, limits, group, origin, place, openSession }: Client & { place?: Disposable },
): Connection {
  const now = deps.monotonic.now()
  const connection = new SocketConnection(socket, { now, group, outgoing: deps.outgoing })
  const incoming = new Incoming(connection, deps.incoming)
  const served: ServedSocket = {
    id: deps.nextSocketId(),
    endpoint,
    accountId,
    connection,
    incoming,
    bucket: openBucket(now),
    limits,
    inFlight: 0,
    waitedMs: 0,
    session: undefined,
    unauthenticated: { origin, since: now, ...(place && { place }) },
  }
  deps.served.add(served)
  listen(deps, served, socket)
  if (openSession) connect(served, openSession(connection))
  return connection
}

/** A function of its own: the socket's listeners must not keep the handshake in memory. */
function listen(deps: Deps, served: ServedSocket, socket: WebSocket): void {
  countIncoming(socket, served.incoming)
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    served.connection.lastActiveAt = deps.monotonic.now()
    served.incoming.completed()
    void receive(deps, served, isBinary ? '' : data.toString('utf8'))
  })
  const noteControl = (data: Buffer) => {
    served.connection.lastActiveAt = deps.monotonic.now()
    served.incoming.controlled(data.length)
  }
  socket.on('ping', noteControl)
  socket.on('pong', noteControl)
  socket.on('error', deps.socketFailed)
  socket.on('close', () => {
    deps.served.delete(served)
    served.unauthenticated?.place?.[Symbol.dispose]()
    served.incoming.completed()
    served.connection.closed()
    if (served.session) served.endpoint.disconnected(served.session)
  })
}

function connect(served: ServedSocket, session: Session): void {
  served.session = session
  served.unauthenticated?.place?.[Symbol.dispose]()
  served.unauthenticated = undefined
  served.incoming.authenticated()
  const begun = served.endpoint.connected(session)
  if (begun) waitFor(served, begun)
}

/** What is asked meanwhile waits: what it makes others do, such as functions, finds what was stored. */
function waitFor(served: ServedSocket, beginning: Promise<void>): void {
  served.beginning = beginning
  void beginning.then(() => {
    served.beginning = undefined
  })
}

async function receive(deps: Deps, served: ServedSocket, text: string): Promise<void> {
  let request: Request
  try {
    request = parseFrame(text)
  } catch (error) {
    refuse(deps, served, error, error instanceof BadFrame ? error.reqId : undefined)
    return
  }
  served.inFlight += 1
  using _running = served.incoming.run(text.length)
  try {
    refuseFloods(deps, served)
    const isMessage = requestName(request.type) === MESSAGE
    if (isMessage) refuseLate(deps, served)
    const cameAt = deps.monotonic.now()
    await deps.queue.run(`${served.id} ${orderingKeyOf(request.body)}`, async () => {
      if (isMessage) noteTurn(deps, served, cameAt)
      await serve(deps, served, request)
    })
  } catch (error) {
    refuse(deps, served, error, request.id)
  } finally {
    served.inFlight -= 1
  }
}

function refuseFloods(deps: Deps, served: ServedSocket): void {
  const { monotonic, floods, admit } = deps
  const { accountId, bucket, inFlight, session, connection } = served
  served.limits = limitsOf(deps, served)
  const rate = { tokens: served.limits.requestsPerSecond, perMs: 1000 }
  const isFlood =
    inFlight > (session ? MAX_IN_FLIGHT : MAX_UNAUTHENTICATED) ||
    takeToken(bucket, rate, monotonic.now()) > 0
  if (isFlood) throw new ParleyError('rate_limited', 'Too many requests')
  floods.count({
    accountId,
    limits: served.limits,
    session,
    addressGroup: connection.group,
  })
  if (session) admit(accountId)
}

/** Of the settings, and of those before while changed ones are being read: a request that waits for them could be overtaken. */
function limitsOf({ settings, logger }: Deps, { accountId, limits }: ServedSocket): Limits {
  const known = settings.peek(accountId)
  if (known) return known.messaging
  settings.get(accountId).catch((error: unknown) => {
    logger.warn(
      { err: error, accountId },
      `The limits of an account could not be read: ${messageOf(error)}`,
    )
  })
  return limits
}

/** @throws ParleyError `overloaded`: so many messages of this socket wait for so long that a new one would wait longer */
function refuseLate({ overloadMs }: Deps, { inFlight, waitedMs }: ServedSocket): void {
  if (inFlight <= FEW || waitedMs <= overloadMs) return
  throw new ParleyError('overloaded', 'Too many messages wait')
}

/** One that has waited for too long among many is not stored any more: its client has the refusal sooner. */
function noteTurn(deps: Deps, served: ServedSocket, cameAt: number): void {
  served.waitedMs = deps.monotonic.now() - cameAt
  refuseLate(deps, served)
}

async function serve(deps: Deps, served: ServedSocket, request: Request): Promise<void> {
  // While it authenticates, then while what its token says is stored.
  while (served.beginning) await served.beginning
  const { session, connection } = served
  const answer = session
    ? await deps.requests.answerRequest(session, request)
    : await authenticate(served, request)
  const { type, body, code = 200, afterwards } = answer
  connection.send(responseFrame(request.id, { type, body, code }))
  await afterwards?.()
}

async function authenticate(served: ServedSocket, request: Request): Promise<Answer> {
  const { endpoint, accountId, connection, unauthenticated } = served
  const origin = unauthenticated?.origin
  if (!endpoint.authenticate || !origin) {
    throw new ParleyError('unauthorized', 'Nobody has introduced itself')
  }
  const authenticating = endpoint.authenticate(accountId, request, { connection, origin })
  served.beginning = authenticating
  try {
    const authenticated = await authenticating
    if ('refused' in authenticated) return authenticated.refused
    if (connection.isOpen) connect(served, authenticated.session)
    return sentence('OK Connection initialised successfully')
  } finally {
    if (served.beginning === authenticating) served.beginning = undefined
  }
}

function refuse(
  { logger }: Deps,
  { accountId, connection }: ServedSocket,
  thrown: unknown,
  reqId: unknown,
): void {
  const error = actionable(thrown)
  const isKnown = error instanceof ParleyError || error instanceof BadFrame
  if (!isKnown) logger.error({ err: error, accountId }, `Frame failed: ${messageOf(error)}`)
  const code = error instanceof ParleyError ? error.status : isKnown ? 400 : 500
  const body = isKnown ? error.message : 'Internal error'
  connection.send(responseFrame(reqId, { code, type: 'StringResponse', body }))
}

/** Requests with the same key are answered in order. A MAIN dialog has its conversation's id, so requests about either share a key. */
function orderingKeyOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  if ('dialogId' in body && typeof body.dialogId === 'string') return body.dialogId
  if ('conversationId' in body && typeof body.conversationId === 'string') {
    return body.conversationId
  }
  return ''
}
