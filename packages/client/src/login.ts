import * as z from 'zod'
import { type Endpoint, request } from './request.ts'

const Login = z.looseObject({
  bearer: z.string(),
  csrf: z.string().optional(),
  config: z.looseObject({ userId: z.coerce.string(), userPid: z.string().optional() }),
})

/** An account with a user who has logged in. */
export interface Session extends Endpoint {
  /** Token of the session, for the native API and for agent sockets. */
  bearer: string
  /** Id of the user in its account. */
  userId: string
  /** Id of the user among the participants of conversations. */
  pid: string | undefined
}

/**
 * Logs a user in with a login name and a password. Follows the published login: spec/messaging.md section 2.
 * @throws {RequestError} with the status 401 when they are wrong
 */
export async function login(
  endpoint: Endpoint,
  { user, password }: { user: string; password: string },
): Promise<Session> {
  const answer = await request(endpoint.url, {
    method: 'POST',
    path: `/api/account/${endpoint.accountId}/login?v=1.3`,
    body: { username: user, password },
  })
  const { bearer, config } = Login.parse(answer)
  const { url, accountId } = endpoint
  return { url, accountId, bearer, userId: config.userId, pid: config.userPid }
}

const AppToken = z.looseObject({ access_token: z.string() })

/**
 * Gets an access token by the grant `client_credentials` (RFC 6749, section 4.4), to invoke functions with.
 * @throws {RequestError} when the application is unknown or its secret is wrong
 */
export async function appToken(
  endpoint: Endpoint,
  client: { id: string; secret: string },
): Promise<string> {
  const answer = await request(endpoint.url, {
    method: 'POST',
    path: `/sentinel/api/account/${endpoint.accountId}/app/token?v=2.0`,
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: '',
      client_id: client.id,
      client_secret: client.secret,
    }),
  })
  return AppToken.parse(answer).access_token
}

const SignUp = z.looseObject({ jwt: z.string() })

/**
 * Signs up a new anonymous consumer. Resolves with its token, a JWT (RFC 7519).
 * @throws {RequestError} when the account does not exist or does not allow it
 */
export async function signUp(endpoint: Endpoint): Promise<string> {
  const answer = await request(endpoint.url, {
    method: 'POST',
    path: `/api/account/${endpoint.accountId}/signup`,
  })
  return SignUp.parse(answer).jwt
}
