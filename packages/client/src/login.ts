import { z } from 'zod'
import { type Door, request } from './request.ts'

const Login = z.looseObject({
  bearer: z.string(),
  csrf: z.string().optional(),
  config: z.looseObject({ userId: z.coerce.string(), userPid: z.string().optional() }),
})

/** A door that a user has walked through. */
export interface Session extends Door {
  bearer: string
  userId: string
  pid: string | undefined
}

export async function login(
  door: Door,
  { user, password }: { user: string; password: string },
): Promise<Session> {
  const answer = await request(door.url, {
    method: 'POST',
    path: `/api/account/${door.accountId}/login?v=1.3`,
    body: { username: user, password },
  })
  const { bearer, config } = Login.parse(answer)
  const { url, accountId } = door
  return { url, accountId, bearer, userId: config.userId, pid: config.userPid }
}

const AppToken = z.looseObject({ access_token: z.string() })

/** An OAuth2 client credentials token: what other systems invoke functions with. */
export async function appToken(
  door: Door,
  client: { id: string; secret: string },
): Promise<string> {
  const answer = await request(door.url, {
    method: 'POST',
    path: `/sentinel/api/account/${door.accountId}/app/token?v=2.0`,
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

/** A new anonymous consumer's token. */
export async function signUp(door: Door): Promise<string> {
  const answer = await request(door.url, {
    method: 'POST',
    path: `/api/account/${door.accountId}/signup`,
  })
  return SignUp.parse(answer).jwt
}
