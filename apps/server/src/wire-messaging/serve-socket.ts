import type { WebSocket } from 'ws'
import { messageOf, ParleyError } from '#kernel'
import {
  type Answer,
  BadFrame,
  parseFrame,
  type Request,
  responseFrame,
  said,
} from '#messaging-faces'
import { type Connection, openConnection } from './connection.ts'
import type { Deps } from './deps.ts'
import { answerRequest } from './dispatch.ts'
import { type FloodGuard, openFloodGuard } from './flood-guard.ts'
import { openOrder } from './order.ts'
import type { Session } from './session.ts'

const MOST_IN_FLIGHT = 1000

export interface ServeDeps extends Deps {
  accountFlood(accountId: string): FloodGuard
}

/** What a face does with its sockets. */
export interface Face {
  /** Who is there, when the handshake said it. */
  known?: ((connection: Connection) => Session) | undefined
  /** Else who is there by a first request. */
  introduce?(
    connection: Connection,
    request: Request,
  ): Promise<{ session: Session } | { refused: Answer }>
  arrived(session: Session): void
  left(session: Session): void
}

/** Reads requests from a socket and answers each of them; those about one conversation keep their order. */
export function serveSocket(
  deps: ServeDeps,
  socket: WebSocket,
  accountId: string,
  face: Face,
): Connection {
  const order = openOrder()
  const flood = openFloodGuard(deps.monotonic)
  let session: Session | undefined
  let inFlight = 0

  const connection = openConnection(deps, socket, {
    frame: (text) => void receive(text),
    closed() {
      if (session) face.left(session)
    },
  })
  if (face.known) arrive(face.known(connection))

  function arrive(arrived: Session): void {
    session = arrived
    face.arrived(arrived)
  }

  async function receive(text: string): Promise<void> {
    let request: Request
    try {
      request = parseFrame(text)
    } catch (error) {
      refuse(error, error instanceof BadFrame ? error.reqId : undefined)
      return
    }
    inFlight += 1
    try {
      refuseFloods()
      await order.run(laneOf(request.body), () => serve(request))
    } catch (error) {
      refuse(error, request.id)
    } finally {
      inFlight -= 1
    }
  }

  function refuseFloods(): void {
    const limits = deps.accounts.peekSettings(accountId)?.messaging
    const isFlood =
      inFlight > MOST_IN_FLIGHT ||
      !flood.admit(limits?.requestsPerSecond ?? Infinity) ||
      !deps.accountFlood(accountId).admit(limits?.accountRequestsPerSecond ?? Infinity)
    if (isFlood) throw new ParleyError('rate_limited', 'Too many requests')
  }

  async function serve(request: Request): Promise<void> {
    const answer = session ? await answerRequest(deps, session, request) : await introduce(request)
    const { type, body, code = 200, afterwards } = answer
    connection.send(responseFrame(request.id, { type, body, code }))
    await afterwards?.()
  }

  async function introduce(request: Request): Promise<Answer> {
    if (!face.introduce) throw new ParleyError('unauthorized', 'Nobody has introduced itself')
    const introduced = await face.introduce(connection, request)
    if ('refused' in introduced) return introduced.refused
    if (connection.isOpen) arrive(introduced.session)
    return said('OK Connection initialised successfully')
  }

  function refuse(error: unknown, reqId: unknown): void {
    const isKnown = error instanceof ParleyError || error instanceof BadFrame
    if (!isKnown) {
      deps.logger.error({ err: error, accountId }, `Frame failed: ${messageOf(error)}`)
    }
    const code = error instanceof ParleyError ? error.status : isKnown ? 400 : 500
    const body = isKnown ? error.message : 'Internal error'
    connection.send(responseFrame(reqId, { code, type: 'StringResponse', body }))
  }

  return connection
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
