import type { WebSocket } from 'ws'
import { messageOf, ParleyError } from '#base/kernel'
import {
  type Answer,
  BadFrame,
  parseFrame,
  type Request,
  responseFrame,
  said,
} from '#wire/messaging/format'
import { type Connection, SocketConnection } from './connection.ts'
import type { Deps } from './deps.ts'
import { answerRequest } from './dispatch.ts'
import type { Face, Origin } from './face.ts'
import { admit, type FloodGuard, openFloodGuard } from './flood-guard.ts'
import { type Order, runInOrder } from './order.ts'
import type { Session } from './session.ts'

const MAX_IN_FLIGHT = 1000

export interface ServeDeps extends Deps {
  /** All of this node. */
  served: Set<Served>
  accountFlood(accountId: string): FloodGuard
  socketFailed(error: Error): void
}

/** A socket and who is on it. */
export interface Served extends Order {
  readonly face: Face
  readonly accountId: string
  readonly connection: SocketConnection
  readonly flood: FloodGuard
  inFlight: number
  session: Session | undefined
  /** Until somebody has introduced itself. */
  stranger: { origin: Origin | undefined; since: number } | undefined
  /** While somebody introduces itself: what is sent right behind waits. */
  introducing?: Promise<unknown> | undefined
}

/** Reads requests from a socket and answers each of them; those about one conversation keep their order. */
export function serveSocket(
  deps: ServeDeps,
  face: Face,
  socket: WebSocket,
  {
    accountId,
    origin,
    known,
  }: {
    accountId: string
    origin?: Origin
    /** Who is there, when the handshake said it. */
    known?: ((connection: Connection) => Session) | undefined
  },
): void {
  const now = deps.monotonic.now()
  const connection = new SocketConnection(socket, now)
  const served: Served = {
    face,
    accountId,
    connection,
    flood: openFloodGuard(now),
    inFlight: 0,
    session: undefined,
    stranger: { origin, since: now },
    tails: undefined,
  }
  deps.served.add(served)
  listen(deps, served, socket)
  if (known) arrive(served, known(connection))
}

/** Apart, so that a socket's listeners hold on to nothing of its handshake. */
function listen(deps: ServeDeps, served: Served, socket: WebSocket): void {
  const heard = () => {
    served.connection.heardAt = deps.monotonic.now()
  }
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heard()
    void receive(deps, served, isBinary ? '' : data.toString('utf8'))
  })
  socket.on('ping', heard)
  socket.on('pong', heard)
  socket.on('error', deps.socketFailed)
  socket.on('close', () => {
    deps.served.delete(served)
    if (served.session) served.face.left(served.session)
  })
}

function arrive(served: Served, session: Session): void {
  served.session = session
  served.stranger = undefined
  served.face.arrived(session)
}

async function receive(deps: ServeDeps, served: Served, text: string): Promise<void> {
  let request: Request
  try {
    request = parseFrame(text)
  } catch (error) {
    refuse(deps, served, error, error instanceof BadFrame ? error.reqId : undefined)
    return
  }
  served.inFlight += 1
  try {
    refuseFloods(deps, served)
    await runInOrder(served, laneOf(request.body), () => serve(deps, served, request))
  } catch (error) {
    refuse(deps, served, error, request.id)
  } finally {
    served.inFlight -= 1
  }
}

function refuseFloods(
  { accounts, monotonic, accountFlood }: ServeDeps,
  { accountId, flood, inFlight }: Served,
): void {
  const limits = accounts.peekSettings(accountId)?.messaging
  const now = monotonic.now()
  const isFlood =
    inFlight > MAX_IN_FLIGHT ||
    !admit(flood, limits?.requestsPerSecond ?? Infinity, now) ||
    !admit(accountFlood(accountId), limits?.accountRequestsPerSecond ?? Infinity, now)
  if (isFlood) throw new ParleyError('rate_limited', 'Too many requests')
}

async function serve(deps: ServeDeps, served: Served, request: Request): Promise<void> {
  if (served.introducing) await served.introducing
  const { session, connection } = served
  const answer = session
    ? await answerRequest(deps, session, request)
    : await introduce(served, request)
  const { type, body, code = 200, afterwards } = answer
  connection.send(responseFrame(request.id, { type, body, code }))
  await afterwards?.()
}

async function introduce(served: Served, request: Request): Promise<Answer> {
  const { face, accountId, connection, stranger } = served
  const origin = stranger?.origin
  if (!face.introduce || !origin) {
    throw new ParleyError('unauthorized', 'Nobody has introduced itself')
  }
  const introducing = face.introduce(accountId, request, { connection, origin })
  served.introducing = introducing
  try {
    const introduced = await introducing
    if ('refused' in introduced) return introduced.refused
    if (connection.isOpen) arrive(served, introduced.session)
    return said('OK Connection initialised successfully')
  } finally {
    served.introducing = undefined
  }
}

function refuse(
  { logger }: ServeDeps,
  { accountId, connection }: Served,
  error: unknown,
  reqId: unknown,
): void {
  const isKnown = error instanceof ParleyError || error instanceof BadFrame
  if (!isKnown) logger.error({ err: error, accountId }, `Frame failed: ${messageOf(error)}`)
  const code = error instanceof ParleyError ? error.status : isKnown ? 400 : 500
  const body = isKnown ? error.message : 'Internal error'
  connection.send(responseFrame(reqId, { code, type: 'StringResponse', body }))
}

/** MAIN dialogs carry their conversation's id, so requests about either share a lane. */
function laneOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  if ('dialogId' in body && typeof body.dialogId === 'string') return body.dialogId
  if ('conversationId' in body && typeof body.conversationId === 'string') {
    return body.conversationId
  }
  return ''
}
