import { createHmac } from 'node:crypto'
import { login, signUp } from '@parley/client'
import { expect } from 'vitest'
import {
  authorizePath,
  call,
  consent,
  givenApplication,
  openConsumerSocket,
  openTestBrowser,
  type Scene,
  type TestServer,
} from '#testing'

const PASSWORD = 'a long pass phrase'

/** The roles and profiles of users, by column. */
const USERS: Record<string, object> = {
  agent: { skillIds: ['1001'] },
  'campaign manager': { role: 'campaign-manager', skillIds: ['1001'] },
  'agent manager': { role: 'agent-manager' },
  auditor: { role: 'auditor' },
  'with `FaaS-Invocation`': { skillIds: ['1001'], profiles: ['FaaS-Invocation'] },
  'with `FaaS-Developer`': { role: 'agent-manager', profiles: ['FaaS-Developer'] },
  'with `FaaS-Admin`': { role: 'agent-manager', profiles: ['FaaS-Admin'] },
}
const SCOPES = ['faas.lambda.invoke', 'account.read', 'conversation.read', 'msg.consumer']

/** The value of the header, for one request. */
export type Credential = (method: string, path: string) => string

interface Person {
  user: string
  password: string
}

export async function givenUser(scene: Scene, loginName: string, more: object): Promise<Person> {
  await call(scene, 'POST', 'users', { loginName, password: PASSWORD, ...more })
  return { user: loginName, password: PASSWORD }
}

async function givenToken(scene: Scene, scope: string): Promise<string> {
  const { accountId } = scene
  const wanted = { name: scope, scopes: [scope] }
  const client = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    wanted,
  )
  const body = {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
  }
  const path = `/sentinel/api/account/${accountId}/app/token`
  const token = await scene.request('POST', path, { body })
  return token.json<{ access_token: string }>().access_token
}

async function givenConsent(scene: Scene): Promise<string> {
  const application = await givenApplication(scene)
  const { clientId, clientSecret, redirectUri } = application
  const back = await consent(openTestBrowser(scene), authorizePath(scene, application), scene.admin)
  const body = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: redirectUri,
    client_id: clientId,
    client_secret: clientSecret,
  }
  const path = `/sentinel/api/account/${scene.accountId}/token?v=1.0`
  const issued = await scene.request('POST', path, { body })
  return issued.json<{ access_token: string }>().access_token
}

let nonces = 0

interface Key {
  appKey: string
  secret: string
  accessToken: string
  accessTokenSecret: string
}

function signed(
  { url, clock }: Pick<Scene, 'url' | 'clock'>,
  { appKey, secret, accessToken, accessTokenSecret }: Key,
): Credential {
  return (method, path) => {
    const params: [string, string][] = [
      ['oauth_consumer_key', appKey],
      ['oauth_nonce', `nonce-${nonces++}`],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', String(Math.floor(clock.now() / 1000))],
      ['oauth_token', accessToken],
      ['oauth_version', '1.0'],
    ]
    // RFC 5849, 3.4. The names are in their order.
    const sent = params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    const target = `https://${new URL(url).host}${path}`
    const base = [method, target, sent].map((part) => encodeURIComponent(part)).join('&')
    const signature = createHmac('sha1', `${secret}&${accessTokenSecret}`).update(base)
    params.push(['oauth_signature', signature.digest('base64')])
    return `OAuth ${[...params].map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`
  }
}

export interface Asked {
  known: Record<string, string>
  /** By column. */
  credentials: Record<string, Credential>
  /** Those that no route of an account accepts. */
  strangers: Record<string, Credential | undefined>
  stranger: Credential
  /** Of an application that acts for the administrator by `faas.lambda.invoke`. */
  delegated: Credential
  /** All users, after their sessions have ended. */
  logInAgain(): Promise<void>
  consumerToken: string
  cookie: string
}

/** People, programs, and a conversation and a chat of skill 1001 that belong to the agent. */
export async function givenAll(server: TestServer, scene: Scene): Promise<Asked> {
  const bearer =
    (token: string): Credential =>
    () =>
      `Bearer ${token}`
  const people: Record<string, Person> = { administrator: scene.admin }
  const credentials: Record<string, Credential> = {}
  for (const [column, more] of Object.entries(USERS)) {
    people[column] = await givenUser(scene, `an-${column.replaceAll(/\W+/g, '-')}`, more)
  }
  const logInAgain = async () => {
    for (const [column, person] of Object.entries(people)) {
      credentials[column] = bearer((await login(scene, person)).bearer)
    }
  }
  await logInAgain()
  for (const scope of SCOPES) credentials[`\`${scope}\``] = bearer(await givenToken(scene, scope))
  credentials['API key'] = signed(
    scene,
    await call<Key>(scene, 'POST', 'api-keys', { name: 'default' }),
  )
  const stranger = await login(scene, await givenUser(scene, 'strange', { skillIds: ['1002'] }))
  const other = await server.anotherAccount()
  const consumerToken = await signUp(scene)

  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const base = `/api/v1/accounts/${scene.accountId}`
  const wanted = { skillId: '1001', name: 'Ada' }
  const started = await scene.request('POST', `${base}/consumer/chats`, { body: wanted })
  const { chatId } = started.json<{ chat: { chatId: string } }>().chat
  const authorization = credentials['agent']?.('', '') ?? ''
  const accepted = await scene.request('POST', `${base}/chats/${chatId}/accept`, {
    headers: { authorization },
  })
  expect(accepted.status).toBe(200)
  const cookies = await server.request('POST', `/api/account/${other.accountId}/login?v=1.3`, {
    body: { username: other.admin.user, password: other.admin.password },
  })
  return {
    known: { accountId: scene.accountId, conversationId, chatId, userId: '999999' },
    credentials,
    strangers: {
      nobody: undefined,
      'a consumer': bearer(consumerToken),
      'a consumer, in its own dialect': () => `jwt ${consumerToken}`,
      'an administrator of another account': bearer(other.adminBearer),
      'an application of another account': bearer(other.appToken),
      'a wrong token': bearer('x'.repeat(43)),
    },
    stranger: bearer(stranger.bearer),
    delegated: bearer(await givenConsent(scene)),
    logInAgain,
    consumerToken,
    cookie: [cookies.headers['set-cookie'] ?? []]
      .flat()
      .map((one) => one.split(';', 1)[0])
      .join('; '),
  }
}
