import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  consent,
  givenApplication,
  openTestBrowser,
  pkcePair,
  type Scene,
  startTestServer,
  type TestApplication,
  type TestBrowser,
  type TestServer,
} from '#testing'
import { askForTokens, caller, consented, FORM, type Tokens } from './user-tokens.fixture.ts'

let server: TestServer
/** Of the tests that change nothing. */
let shared: Scene
let portal: TestApplication
let browser: TestBrowser
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
  shared = await anotherScene(server)
  portal = await givenApplication(shared)
  browser = openTestBrowser(shared)
  await consent(browser, authorizePath(shared, portal), shared.admin)
})
afterAll(() => server[Symbol.asyncDispose]())

const { verifier, challenge } = pkcePair()
const PKCE = { code_challenge: challenge, code_challenge_method: 'S256' }

/** What is wrong with the request for tokens, and the answer. */
const TOKEN_REQUESTS: [string, Record<string, string>, number, string][] = [
  ['a wrong verifier', { code_verifier: pkcePair().verifier }, 400, 'invalid_grant'],
  ['no verifier', { code_verifier: '' }, 400, 'invalid_grant'],
  ['the challenge as verifier', { code_verifier: challenge }, 400, 'invalid_grant'],
  ['another code', { code: 'x'.repeat(43) }, 400, 'invalid_grant'],
  [
    'an address off by a character',
    { redirect_uri: 'https://app.example.com/callbacj' },
    400,
    'invalid_grant',
  ],
  ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
  ['no secret', { client_secret: '' }, 401, 'invalid_client'],
  ['an unknown application', { client_id: 'nobody' }, 401, 'invalid_client'],
  ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  [
    'the grant type of programs',
    { grant_type: 'client_credentials' },
    400,
    'unsupported_grant_type',
  ],
  ['no grant type', { grant_type: '' }, 400, 'invalid_request'],
]

test.each(TOKEN_REQUESTS)(
  'a request for tokens with %s is refused, and the code stays good',
  async (_what, fields, status, error) => {
    const { left } = await browser.open(authorizePath(shared, portal, PKCE))
    const exchange = (wrong: Record<string, string>) =>
      askForTokens(shared, portal, {
        grant_type: 'authorization_code',
        code: left?.searchParams.get('code') ?? '',
        redirect_uri: portal.redirectUri,
        code_verifier: verifier,
        ...wrong,
      })

    const refused = await exchange(fields)
    const right = await exchange({})

    expect([refused.status, refused.json<{ error: string }>().error]).toEqual([status, error])
    expect(right.status).toBe(200)
  },
)

test('a code is good for the application that asked for it, in its account, for a minute', async () => {
  const { scene, code, application, exchange } = await consented(server)
  const other = await givenApplication(scene, { name: 'Other' })
  const elsewhere = await anotherScene(server)
  const twin = await givenApplication(elsewhere)
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: application.redirectUri,
  }

  expect((await askForTokens(scene, other, fields)).json()).toMatchObject({
    error: 'invalid_grant',
  })
  expect((await askForTokens(elsewhere, twin, fields)).json()).toMatchObject({
    error: 'invalid_grant',
  })
  await server.clock.advance(60_001)
  expect((await exchange()).json()).toMatchObject({ error: 'invalid_grant' })
})

test('of twenty who exchange a code at once on two nodes one gets tokens, which end, as the code was copied', async () => {
  const { scene, application, code } = await consented(server)
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: application.redirectUri,
    client_id: application.clientId,
    client_secret: application.clientSecret,
  }).toString()
  const path = `/sentinel/api/account/${scene.accountId}/token?v=1.0`

  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const url = server.urls[index % 2] ?? scene.url
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers: FORM, body })
      return { status: answer.status, tokens: (await answer.json()) as Tokens }
    }),
  )

  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 400)])
  const won = answers.find(({ status }) => status === 200)?.tokens
  expect((await caller(scene, won?.access_token ?? '')).status).toBe(401)
  const renewed = await askForTokens(scene, application, {
    grant_type: 'refresh_token',
    refresh_token: won?.refresh_token ?? '',
  })
  expect(renewed.json()).toMatchObject({ error: 'invalid_grant' })
})

test('a refresh token is replaced at each use; who uses an old one ends them all', async () => {
  const { scene, application, exchange } = await consented(server)
  const renew = async (token: string) =>
    await askForTokens(scene, application, { grant_type: 'refresh_token', refresh_token: token })
  const first = (await exchange()).json<Tokens>()

  const answer = await renew(first.refresh_token)
  const second = answer.json<Tokens>()
  expect([answer.status, second.refresh_token === first.refresh_token]).toEqual([200, false])
  expect((await caller(scene, second.access_token)).status).toBe(200)

  expect((await renew(first.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  expect((await renew(second.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  expect((await caller(scene, second.access_token)).status).toBe(401)
})

test('of twenty who renew at once one gets tokens', async () => {
  const { scene, application, exchange } = await consented(server)
  const { refresh_token } = (await exchange()).json<Tokens>()

  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      askForTokens(scene, application, { grant_type: 'refresh_token', refresh_token }),
    ),
  )

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})
