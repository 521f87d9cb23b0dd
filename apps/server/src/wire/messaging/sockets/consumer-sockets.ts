import { ClientProperties } from '@parley/contract'
import * as z from 'zod'
import type { ConsumerIdentity } from '#identity/credentials'
import { addressGroup } from '#base/bounds'
import { type Http, matchPath, type UpgradeCall } from '#base/http'
import { checkText, parseJson, parsePublished, withoutNulls } from '#base/input'
import { ParleyError } from '#base/kernel'
import {
  EXTEND_IDENTITY,
  LOG_IN_AGAIN,
  parsePart,
  type Request,
  requestName,
  sentence,
  TRY_AGAIN_LATER,
} from '#wire/messaging/format'
import { requireKnown } from '#base/store'
import type { Connection, ConsumerSession } from '#wire/messaging/updates'
import { storeClaims } from './claims.ts'
import type { Deps } from './deps.ts'
import type { Endpoint, Origin } from './endpoint.ts'
import { acceptSocket } from './serve-socket.ts'

const PATH = '/ws_api/account/:accountId/messaging/consumer'
const InitHeaders = z.array(
  z.looseObject({ type: z.string(), jwt: z.string().max(20_000).optional() }),
)

/** The endpoint of consumers. Their token is in a header or in the first request. */
export function serveConsumers(http: Http, deps: Deps): void {
  const { accounts, settings, store } = deps
  const endpoint = consumerEndpoint(deps)

  http.upgrade(matchPath(PATH), async (call) => {
    const { accountId = '' } = call.params
    await accounts.getAccount(accountId)
    const token = tokenOf(call.headers.authorization)
    const found = token === undefined ? undefined : await identifyConsumer(deps, accountId, token)
    const [consumer, refused] = found && 'code' in found ? [undefined, found] : [found, undefined]
    // Its own consumers were refused by name.
    requireKnown(store, accountId)
    const { messaging: limits } = await settings.get(accountId)
    const origin = {
      clientIp: call.clientAddress,
      properties: clientProperties(call),
    }
    const group = addressGroup(call.clientAddress)
    const openSession =
      consumer &&
      ((connection: Connection) => consumerSession(accountId, consumer, { ...origin, connection }))
    const from = { accountId, limits, group, origin, openSession }
    const connection = acceptSocket(deps, endpoint, call, from)
    if (refused) connection.close(refused.code, refused.reason)
  })
}

function consumerEndpoint(deps: Deps): Endpoint<ConsumerSession> {
  const { sessions } = deps
  return {
    // The token stays good: who is told to get another one forgets the consumer, and with it its conversations.
    suspendedCode: TRY_AGAIN_LATER,
    async authenticate(accountId, request, { connection, origin }) {
      const { jwt, properties } = readInitConnection(request)
      const consumer = await identifyConsumer(deps, accountId, jwt)
      if ('code' in consumer) {
        const { code, reason } = consumer
        const afterwards = () => connection.close(code, reason)
        return { refused: { ...sentence(reason), code: 401, afterwards } }
      }
      const allProperties = { ...origin.properties, ...properties }
      const from = { ...origin, properties: allProperties, connection }
      return { session: consumerSession(accountId, consumer, from) }
    },
    connected(session) {
      sessions.add(session)
      const stored = storeClaims(deps, session)
      session.claims = undefined
      return stored
    },
    disconnected: (session) => sessions.remove(session),
    async renew({ accountId, authenticated, token }) {
      if (!(await deps.credentials.consumerTokens.trusts(accountId, token.origin))) {
        return { code: LOG_IN_AGAIN }
      }
      const { expiresAt } = token
      if (expiresAt > deps.wallClock.now()) return { expiresAt }
      return { code: authenticated ? LOG_IN_AGAIN : EXTEND_IDENTITY }
    },
  }
}

function tokenOf(authorization: string | undefined): string | undefined {
  return authorization?.replace(/^(jwt|bearer)\s+/i, '').trim()
}

type Refused = { code: number; reason: string }

export async function identifyConsumer(
  { credentials }: Pick<Deps, 'credentials'>,
  accountId: string,
  token: string,
): Promise<ConsumerIdentity | Refused> {
  try {
    return await credentials.consumerTokens.verify(accountId, token)
  } catch (error) {
    if (!(error instanceof ParleyError) || error.status >= 500) throw error
    if (error.code === 'account_suspended') throw error
    const code = error.code === 'anonymous_token_expired' ? EXTEND_IDENTITY : LOG_IN_AGAIN
    return { code, reason: error.message }
  }
}

/** Browsers cannot send headers with a handshake: their first request carries them. */
function readInitConnection({ type, headers }: Request): {
  jwt: string
  properties: ClientProperties
} {
  if (requestName(type) !== 'InitConnection') {
    throw new ParleyError('unauthorized', 'The first request must be InitConnection')
  }
  const all = parsePart(InitHeaders, headers ?? {}, ['headers'])
  const jwt = all.find((header) => header.type.endsWith('ConsumerAuthentication'))?.jwt
  if (jwt === undefined) {
    throw new ParleyError('unauthorized', 'headers: no .ams.headers.ConsumerAuthentication')
  }
  const { type: _type, ...properties } =
    all.find((header) => header.type.endsWith('ClientProperties')) ?? {}
  return { jwt, properties: readProperties(properties) }
}

/** The client's properties from the header and the query of its handshake. */
function clientProperties({ headers, query }: UpgradeCall): ClientProperties {
  const { 'client-properties': header } = headers
  const { v: _version, ...fromQuery } = Object.fromEntries(query)
  const features = query.get('features')
  const fromHeader = typeof header === 'string' ? parseHeader(header) : {}
  return readProperties({
    ...fromQuery,
    ...(features !== null && { features: features.split(',') }),
    ...fromHeader,
  })
}

/** A member that cannot be read or kept counts as not sent: the socket works without it, and by the others. */
function readProperties(said: object): ClientProperties {
  const storable = Object.entries(said).filter(([name, value]) => isStorable({ [name]: value }))
  const parsed = parseProperties(storable)
  if (parsed.success) return parsed.data
  const flawed = new Set(parsed.error.issues.map(({ path: [name] }) => name))
  return parseProperties(storable.filter(([name]) => !flawed.has(name))).data ?? {}
}

function parseProperties(members: [string, unknown][]) {
  const said = withoutNulls(Object.fromEntries(members))
  return parsePublished(ClientProperties, said, { lists: true })
}

function isStorable(properties: object): boolean {
  try {
    checkText(properties, 'client-properties')
    return true
  } catch {
    return false
  }
}

function parseHeader(header: string): object {
  try {
    const value = parseJson(header, 'header Client-Properties')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // A header that is not JSON is ignored: the socket works without it.
    return {}
  }
}

export function consumerSession(
  accountId: string,
  { consumerId, authenticated, expiresAt, origin, ext }: ConsumerIdentity,
  { clientIp, properties, connection }: Origin & { connection: Connection },
): ConsumerSession {
  return {
    side: 'consumer',
    accountId,
    reader: {
      kind: 'consumer',
      userId: consumerId,
      pid: consumerId,
      clientProperties: { ipAddress: clientIp, ...properties },
      clientIp,
    },
    connection,
    authenticated,
    expiresAt,
    token: { origin, expiresAt },
    claims: ext,
  }
}
