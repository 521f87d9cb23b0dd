import { ClientProperties, type RouteSpec } from '@parley/contract'
import { z } from 'zod'
import { requireForConsumers } from '#identity/credentials'
import { checkText, type RouteCall, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import { BadFrame, parseBody, readRequest } from '#wire/messaging/format'
import type { Connection } from './connection.ts'
import { consumerSession, identifyConsumer } from './consumer-sockets.ts'
import type { Deps } from './deps.ts'
import { answerRequest } from './dispatch.ts'
import { admit } from './flood-guard.ts'
import type { ServeDeps } from './serve-socket.ts'
import type { Session } from './session.ts'

const params = z.object({ accountId: z.string() })
const base = '/api/account/:accountId/messaging/consumer/conversation'

const createConversation = {
  method: 'POST',
  path: base,
  auth: 'account',
  summary: "A consumer's profile and conversation in one call, for connectors without a socket",
  params,
  query: z.object({ v: z.string().optional() }),
  body: z.array(z.unknown()).min(1).max(20),
} as const satisfies RouteSpec

const sendRequest = {
  method: 'POST',
  path: `${base}/send`,
  auth: 'account',
  summary: 'One request of a consumer, for connectors without a socket',
  params,
  query: z.object({ v: z.string().optional() }),
  body: z.looseObject({}),
} as const satisfies RouteSpec

/** The consumer's protocol over HTTP: an application speaks on behalf of the consumer whose token it sends along. */
export function connectorRoutes(deps: ServeDeps): void {
  const { http } = deps
  route(http.app, createConversation, async (call) => {
    const session = await onBehalf(deps, call)
    const answers: object[] = []
    for (const frame of call.body) answers.push(await answer(deps, session, frame))
    return answers
  })
  route(http.app, sendRequest, async (call) => answer(deps, await onBehalf(deps, call), call.body))
}

async function answer(deps: ServeDeps, session: Session, frame: unknown): Promise<object> {
  const { accountId } = session
  const { accountRequestsPerSecond = Infinity } =
    deps.accounts.peekSettings(accountId)?.messaging ?? {}
  if (!admit(deps.accountFlood(accountId), accountRequestsPerSecond, deps.monotonic.now())) {
    throw new ParleyError('rate_limited', 'Too many requests')
  }
  try {
    const request = readRequest(frame)
    const { code = 200, type, body } = await answerRequest(deps, session, request)
    return { reqId: request.id, code, type, body }
  } catch (error) {
    if (!(error instanceof BadFrame)) throw error
    return { reqId: error.reqId, code: 400, type: 'StringResponse', body: error.message }
  }
}

async function onBehalf(
  deps: Deps,
  call: RouteCall<typeof createConversation | typeof sendRequest>,
): Promise<Session> {
  const { params, request, principal } = call
  const { accountId } = params
  requireForConsumers(principal)
  const { 'x-lp-on-behalf': token, 'client-properties': properties } = request.headers
  if (typeof token !== 'string') {
    throw new ParleyError('unauthorized', 'The request has no X-LP-ON-BEHALF header')
  }
  const who = await identifyConsumer(deps, accountId, token)
  if ('code' in who) throw new ParleyError('unauthorized', who.reason)
  return consumerSession(accountId, who, {
    clientIp: deps.http.clientAddress(request.raw),
    properties: clientPropertiesOf(properties),
    connection: NOWHERE,
  })
}

function clientPropertiesOf(header: unknown): ClientProperties {
  if (typeof header !== 'string') return {}
  let value: unknown
  try {
    value = JSON.parse(header)
  } catch (cause) {
    throw new ParleyError('invalid_request', 'Client-Properties: is not JSON', { cause })
  }
  checkText(value, 'Client-Properties')
  return parseBody(ClientProperties, value)
}

/** Nobody listens: what would be told on a socket is read from the history. */
const NOWHERE: Connection = {
  send: () => undefined,
  close: () => undefined,
  isOpen: false,
}
