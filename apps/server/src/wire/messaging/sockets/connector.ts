import { ClientProperties, type RouteSpec } from '@parley/contract'
import * as z from 'zod'
import { requireForConsumers } from '#identity/credentials'
import { type Http, NO_CONSUMER, type RouteCall, route } from '#base/http'
import { readJson, withoutNulls } from '#base/input'
import { ParleyError } from '#base/kernel'
import { BadFrame, parsePart, readRequest, type Request, requestName } from '#wire/messaging/format'
import type { Connection, Session } from '#wire/messaging/updates'
import { consumerSession, identifyConsumer } from './consumer-sockets.ts'
import type { Deps } from './deps.ts'

const params = z.object({ accountId: z.string() })
const base = '/api/account/:accountId/messaging/consumer/conversation'

const createConversation = {
  method: 'POST',
  path: base,
  auth: 'account',
  bareToken: true,
  audit: { as: 'consumer.conversation', of: 'people' },
  summary: "A consumer's profile and conversation in one call, for connectors without a socket",
  params,
  query: z.object({ v: z.string().optional() }),
  body: z.array(z.unknown()).min(1).max(20),
} as const satisfies RouteSpec

const sendRequest = {
  method: 'POST',
  path: `${base}/send`,
  auth: 'account',
  bareToken: true,
  audit: { as: 'consumer.request', of: 'people' },
  summary: 'One request of a consumer, for connectors without a socket',
  params,
  query: z.object({ v: z.string().optional() }),
  body: z.looseObject({}),
} as const satisfies RouteSpec

/** The consumer's protocol over HTTP. An application acts for the consumer whose token it sends along. */
export function connectorRoutes(http: Http, deps: Deps): void {
  route(http.app, createConversation, async (call) => {
    const session = await onBehalf(http, deps, call)
    const answers: Answered[] = []
    let opened: string | undefined
    for (const frame of call.body) {
      const isFirst = answers.length === 0
      const answered = await answer(deps, session, frame, { isFirst, opened })
      answers.push(answered)
      opened = openedBy(answered) ?? opened
    }
    return answers
  })
  route(http.app, sendRequest, async (call) =>
    answer(deps, await onBehalf(http, deps, call), call.body, { isFirst: true }),
  )
}

interface Answered {
  reqId: unknown
  code: number
  type: string
  body: unknown
}

/** @throws ParleyError `rate_limited` for the first request of a call that is too many: behind others that are done it is an answer. */
async function answer(
  deps: Deps,
  session: Session,
  frame: unknown,
  { isFirst, opened }: { isFirst: boolean; opened?: string | undefined },
): Promise<Answered> {
  const { accountId } = session
  const { messaging: limits } = await deps.settings.get(accountId)
  const { reqId, request } = requestOf(deps, frame)
  try {
    deps.floods.count({ accountId, limits, session })
  } catch (error) {
    if (isFirst || !(error instanceof ParleyError)) throw error
    return refusal(reqId, error.status, error)
  }
  if (request instanceof BadFrame) return refusal(reqId, 400, request)
  const placed = placedIn(opened, request)
  const { code = 200, type, body } = await deps.requests.answerRequest(session, placed)
  return { reqId, code, type, body }
}

/** Published connectors send requests without an id: an answer over HTTP needs none. */
function requestOf(
  { ids }: Pick<Deps, 'ids'>,
  frame: unknown,
): { reqId: unknown; request: Request | BadFrame } {
  const isNameless = isRecord(frame) && (frame['id'] ?? null) === null
  try {
    const request = readRequest(isNameless ? { ...frame, id: ids.uuid() } : frame)
    return { reqId: isNameless ? null : request.id, request }
  } catch (error) {
    if (error instanceof BadFrame) {
      return { reqId: isNameless ? null : error.reqId, request: error }
    }
    throw error
  }
}

const OPENED = z.object({
  type: z.literal('cm.RequestConversationResponse'),
  body: z.object({ conversationId: z.string() }),
})

function openedBy(answered: Answered): string | undefined {
  return OPENED.safeParse(answered).data?.body.conversationId
}

/** The first message comes with the call that opens its conversation, and cannot name it. */
function placedIn(opened: string | undefined, request: Request): Request {
  const { body, type } = request
  if (opened === undefined || requestName(type) !== 'ms.PublishEvent' || !isRecord(body)) {
    return request
  }
  const { dialogId = '' } = body
  return dialogId === '' ? { ...request, body: { ...body, dialogId: opened } } : request
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refusal(reqId: unknown, code: number, { message }: Error): Answered {
  return { reqId, code, type: 'StringResponse', body: message }
}

async function onBehalf(
  http: Http,
  deps: Deps,
  call: RouteCall<typeof createConversation | typeof sendRequest>,
): Promise<Session> {
  const { params, request, principal } = call
  const { accountId } = params
  requireForConsumers(principal)
  const { 'x-lp-on-behalf': token, 'client-properties': properties } = request.headers
  if (typeof token !== 'string') {
    throw new ParleyError('unauthorized', NO_CONSUMER)
  }
  const consumer = await identifyConsumer(deps, accountId, token)
  if ('code' in consumer)
    throw new ParleyError('unauthorized', `X-LP-ON-BEHALF: ${consumer.reason}`)
  const session = consumerSession(accountId, consumer, {
    clientIp: http.clientAddress(request.raw),
    properties: clientPropertiesOf(properties),
    connection: NO_SOCKET,
  })
  const isApplication = principal.scopes.has('msg.consumer')
  return { ...session, isRelayed: true, ...(isApplication && { connectorId: principal.id }) }
}

function clientPropertiesOf(header: unknown): ClientProperties {
  if (typeof header !== 'string') return {}
  const place = 'header Client-Properties'
  return parsePart(ClientProperties, withoutNulls(readJson(header, place)), [place])
}

/** A connector has no socket: what others get as notifications it gets by its webhook, or reads from the history. */
const NO_SOCKET: Connection = {
  send: () => undefined,
  close: () => undefined,
  isOpen: false,
  whenRead: () => Promise.resolve(),
}
