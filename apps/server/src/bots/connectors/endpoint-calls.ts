import type { ConnectorVendor } from '@parley/contract'
import { callOut, type OutgoingAnswer } from '#faas/egress'
import { ParleyError } from '#base/kernel'
import type { ConnectorsDeps } from './deps.ts'

export type EndpointSettings = Extract<ConnectorVendor, { kind: 'endpoint' }>

/** For one turn or one test, with every repetition (`spec/bots.md` 3.6). */
const PATIENCE_MS = 30_000
const MAX_BYTES = 1_048_576
/** Custom endpoints take tokens with this scope only, and no other beside it (`spec/bots.md` 3.7). */
const SCOPE = 'thirdpartybots.customendpoint.bot'
const NO_TOKEN = `There is no token for the program: the application is not there, its secret is wrong, or it lacks the scope ${SCOPE}`
/** A token is used no longer than until so shortly before its end. */
const SPARE_MS = 60_000

export interface EndpointCaller {
  /** @throws an `Error` when there is no answer in time, or no token */
  call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<OutgoingAnswer>
}

/** Calls an endpoint with the token of its application; on 401 once more with a new one. */
export function endpointCaller(
  deps: ConnectorsDeps,
  accountId: string,
  connectorId: string,
  settings: EndpointSettings,
  sealedSecret: string,
): EndpointCaller {
  const until = deps.monotonic.now() + PATIENCE_MS
  const key = `${accountId}/${connectorId}`
  const send = async (token: string, method: string, path: string, body?: object) =>
    await callOut(deps, accountId, {
      method,
      url: new URL(`${settings.baseUrl.replace(/\/$/, '')}/v1/bots/${path}`),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      patienceMs: Math.max(1, until - deps.monotonic.now()),
      maxBytes: MAX_BYTES,
    })
  return {
    async call(method, path, body) {
      const known = deps.tokens.get(key)
      // The endpoint checks tokens by itself: an application that is gone or has lost the scope is found out here.
      const application = await deps.credentials.clients.find(accountId, settings.clientId)
      const isGood =
        known?.sealedSecret === sealedSecret &&
        known.until > deps.wallClock.now() &&
        application?.scopes.includes(SCOPE) === true
      const token = isGood ? known.token : await fresh()
      const answer = await send(token, method, path, body)
      return answer.status === 401 && isGood
        ? await send(await fresh(), method, path, body)
        : answer
    },
  }

  async function fresh(): Promise<string> {
    const clientSecret = deps.credentials.secrets.open(
      accountId,
      secretContext(connectorId),
      sealedSecret,
    )
    const { clientId } = settings
    const asked = { clientId, clientSecret, scopes: [SCOPE] }
    const made = await deps.credentials.appTokens.issue(accountId, asked)
    if (!made) throw new ParleyError('unauthorized', NO_TOKEN)
    const token = made.accessToken
    const ends = deps.wallClock.now() + made.expiresInS * 1000 - SPARE_MS
    deps.tokens.set(key, { token, sealedSecret, until: ends })
    return token
  }
}

/** How a status that is no good is told. */
export function statusOf(method: string, path: string, status: number): string {
  const why = status >= 300 && status < 400 ? ': redirects are not followed' : ''
  return `The program answered ${status} to ${method} /v1/bots/${path}${why}`
}

/** What the sealed secret of a connector is. */
export function secretContext(connectorId: string): string {
  return `connector ${connectorId}`
}

/** The path below `/v1/bots/`. */
export function environmentPath({ botId, environment }: EndpointSettings): string {
  return `${encodeURIComponent(botId)}/environments/${encodeURIComponent(environment)}`
}
