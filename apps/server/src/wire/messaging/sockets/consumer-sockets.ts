import { ClientProperties } from '@parley/contract'
import { z } from 'zod'
import type { ConsumerIdentity } from '#identity/credentials'
import { checkText, matchPath, type UpgradeCall } from '#base/http'
import { ParleyError } from '#base/kernel'
import { parseBody, type Request, requestType, said } from '#wire/messaging/format'
import { keepClaims } from './claims.ts'
import { EXTEND_IDENTITY, LOG_IN_AGAIN } from './close-codes.ts'
import type { Connection } from './connection.ts'
import type { Deps } from './deps.ts'
import type { Face, Origin } from './face.ts'
import { type ServeDeps, serveSocket } from './serve-socket.ts'
import type { Session } from './session.ts'

const PATH = '/ws_api/account/:accountId/messaging/consumer'
const InitHeaders = z.array(
  z.looseObject({ type: z.string(), jwt: z.string().max(20_000).optional() }),
)

/** The face for consumers: their token is in a header, or in the first request. */
export function serveConsumers(deps: ServeDeps): void {
  const { http, accounts } = deps
  const face = consumerFace(deps)

  http.upgrade(matchPath(PATH), async (call) => {
    const { accountId = '' } = call.params
    const token = tokenOf(call.headers.authorization)
    const found = token === undefined ? undefined : await identifyConsumer(deps, accountId, token)
    await accounts.settings(accountId)
    const origin = {
      clientIp: call.clientAddress,
      properties: clientProperties(call),
    }
    const socket = call.accept()
    if (found && 'code' in found) {
      socket.close(found.code, found.reason)
      return
    }
    const known =
      found &&
      ((connection: Connection) => consumerSession(accountId, found, { ...origin, connection }))
    serveSocket(deps, face, socket, { accountId, origin, known })
  })
}

function consumerFace(deps: Deps): Face {
  const { sessions } = deps
  return {
    async introduce(accountId, request, { connection, origin }) {
      const { jwt, properties } = introduction(request)
      const who = await identifyConsumer(deps, accountId, jwt)
      if ('code' in who) {
        const afterwards = () => connection.close(who.code, who.reason)
        return { refused: { ...said(who.reason), code: 401, afterwards } }
      }
      const told = { ...origin, properties: { ...origin.properties, ...properties }, connection }
      return { session: consumerSession(accountId, who, told) }
    },
    arrived(session) {
      sessions.add(session)
      keepClaims(deps, session)
      session.claims = undefined
    },
    left: (session) => sessions.remove(session),
    async expired({ accountId, authenticated, token }) {
      if (!token || !(await deps.accounts.trusts(accountId, token.origin))) {
        return { code: LOG_IN_AGAIN }
      }
      const { expiresAt } = token
      if (expiresAt > deps.clock.now()) return { expiresAt }
      return { code: authenticated ? LOG_IN_AGAIN : EXTEND_IDENTITY }
    },
  }
}

function tokenOf(authorization: string | undefined): string | undefined {
  return authorization?.replace(/^(jwt|bearer)\s+/i, '').trim()
}

type Refused = { code: number; reason: string }

export async function identifyConsumer(
  { accounts }: Pick<Deps, 'accounts'>,
  accountId: string,
  token: string,
): Promise<ConsumerIdentity | Refused> {
  try {
    return await accounts.verifyConsumerToken(accountId, token)
  } catch (error) {
    if (!(error instanceof ParleyError) || error.status >= 500) throw error
    const code = error.code === 'anonymous_token_expired' ? EXTEND_IDENTITY : LOG_IN_AGAIN
    return { code, reason: error.message }
  }
}

/** What the first request of a browser says, which cannot send headers. */
function introduction({ type, headers }: Request): { jwt: string; properties: ClientProperties } {
  if (requestType(type) !== 'InitConnection') {
    throw new ParleyError('unauthorized', 'The first request must be InitConnection')
  }
  const all = parseBody(InitHeaders, headers)
  const jwt = all.find((header) => header.type.endsWith('ConsumerAuthentication'))?.jwt
  if (jwt === undefined) {
    throw new ParleyError('unauthorized', 'headers: no .ams.headers.ConsumerAuthentication')
  }
  const { type: _type, ...properties } =
    all.find((header) => header.type.endsWith('ClientProperties')) ?? {}
  return { jwt, properties: parseBody(ClientProperties, properties) }
}

/** From a header, and from the query. */
function clientProperties({ headers, query }: UpgradeCall): ClientProperties {
  const { 'client-properties': header } = headers
  const { v: _version, ...fromQuery } = Object.fromEntries(query)
  const features = query.get('features')
  const said = typeof header === 'string' ? parseHeader(header) : {}
  const properties = {
    ...fromQuery,
    ...(features !== null && { features: features.split(',') }),
    ...said,
  }
  const parsed = ClientProperties.safeParse(properties).data
  return parsed && isStorable(parsed) ? parsed : {}
}

function isStorable(properties: ClientProperties): boolean {
  try {
    checkText(properties, 'client-properties')
    return true
  } catch {
    return false
  }
}

function parseHeader(header: string): object {
  try {
    const value: unknown = JSON.parse(header)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // A header that nobody can read says nothing; the socket is good without it.
    return {}
  }
}

export function consumerSession(
  accountId: string,
  { consumerId, authenticated, expiresAt, origin, ext }: ConsumerIdentity,
  { clientIp, properties, connection }: Origin & { connection: Connection },
): Session {
  return {
    face: 'consumer',
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
