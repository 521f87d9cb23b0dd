import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  consent,
  givenApplication,
  lambdasOf,
  openTestBrowser,
  type Scene,
  startTestServer,
  type TestApplication,
  type TestBrowser,
  type TestServer,
} from '#testing'
import { askForTokens, consented, type Tokens } from './user-tokens.fixture.ts'

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

test('a user lets an application invoke functions, and the published answer has its five members', async () => {
  const { scene, application, back, exchange } = await consented(server)
  const uuid = await lambdasOf(scene).deployed(
    'function lambda(input, callback) { callback(null, input.payload) }',
  )

  expect(`${back.origin}${back.pathname}`).toBe(application.redirectUri)
  expect(back.searchParams.get('state')).toBe('a state')
  const { status, json } = await exchange()
  const tokens = json<Tokens>()
  expect([status, Object.keys(tokens).toSorted((a, b) => a.localeCompare(b))]).toEqual([
    200,
    ['access_token', 'expires_in', 'id_token', 'refresh_token', 'token_type'],
  ])
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
  const invoked = await scene.request(
    'POST',
    `/api/account/${scene.accountId}/lambdas/${uuid}/invoke?v=1&externalSystem=portal`,
    { bearer: tokens.access_token, body: { timestamp: 0, headers: [], payload: 'hello' } },
  )
  expect([invoked.status, invoked.json()]).toEqual([200, 'hello'])
})

test('a browser with a session goes to the application at once, by the published status', async () => {
  const { scene, application, browser } = await consented(server)
  const address = authorizePath(scene, application)

  const cookie = [...browser.cookies]
    .filter(([, { path }]) => path === `/sentinel/api/account/${scene.accountId}`)
    .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
    .join('; ')
  const again = await scene.request('GET', address, { headers: { cookie } })
  const fresh = await scene.request('GET', address)

  expect([again.status, String(again.headers.location)]).toEqual([
    302,
    expect.stringMatching(/^https:\/\/app\.example\.com\/callback\?code=[\w-]+&state=a\+state/),
  ])
  expect([fresh.status, String(fresh.headers.location)]).toEqual([
    302,
    expect.stringContaining(`/sentinel/api/account/${scene.accountId}/interaction/`),
  ])
})

/** What `spec/wire-api.md` 4.6 says about the query, row by row: what is changed, the status, and the error. */
const QUERIES: [
  what: string,
  change: Record<string, string | undefined>,
  status: number,
  error: string,
][] = [
  ['no application', { client_id: undefined }, 400, 'invalid_request'],
  ['an unknown application', { client_id: 'nobody' }, 401, 'invalid_client'],
  [
    'an address with a character more',
    { redirect_uri: 'https://app.example.com/callback2' },
    401,
    'invalid_redirect_uri',
  ],
  [
    'an address with a character less',
    { redirect_uri: 'https://app.example.com/callbac' },
    401,
    'invalid_redirect_uri',
  ],
  [
    'an address with a slash at its end',
    { redirect_uri: 'https://app.example.com/callback/' },
    401,
    'invalid_redirect_uri',
  ],
  [
    'an address in capitals',
    { redirect_uri: 'https://APP.example.com/callback' },
    401,
    'invalid_redirect_uri',
  ],
  [
    'an address with a port',
    { redirect_uri: 'https://app.example.com:444/callback' },
    401,
    'invalid_redirect_uri',
  ],
  [
    'an address with a query',
    { redirect_uri: 'https://app.example.com/callback?a=b' },
    401,
    'invalid_redirect_uri',
  ],
  ['an address of a script', { redirect_uri: 'javascript:alert(1)' }, 401, 'invalid_redirect_uri'],
  ['an answer by a form', { response_mode: 'form_post' }, 400, 'invalid_request'],
  ['a state that is too long', { state: 'x'.repeat(5000) }, 400, 'invalid_request'],
]

test.each(QUERIES)(
  'a query with %s is answered here, and never by a redirect',
  async (_what, change, status, error) => {
    const answer = await shared.request('GET', authorizePath(shared, portal, change))

    expect([answer.status, answer.json(), answer.headers.location]).toEqual([
      status,
      { error, error_description: expect.any(String) },
      undefined,
    ])
  },
)

test('a parameter that stands twice, an unknown account and several addresses to choose from are answered here', async () => {
  const scene = await anotherScene(server)
  const application = await givenApplication(scene, {
    redirectUris: ['https://app.example.com/callback', 'https://app.example.com/other'],
  })
  const path = authorizePath(scene, application)
  const ask = async (wanted: string) => {
    const { status, headers } = await scene.request('GET', wanted)
    return [status, headers.location]
  }

  expect(await ask(`${path}&client_id=${application.clientId}`)).toEqual([400, undefined])
  expect(await ask(path.replace(scene.accountId, '99999999'))).toEqual([401, undefined])
  expect(await ask(authorizePath(scene, application, { redirect_uri: undefined }))).toEqual([
    400,
    undefined,
  ])
})

test('a person whose browser cannot be sent on reads why on a page', async () => {
  const browser = openTestBrowser(shared)
  const unnamed = await browser.open(authorizePath(shared, portal, { client_id: undefined }))
  const elsewhere = await browser.open(authorizePath({ accountId: '99999999' }, portal))

  expect([unnamed.status, unnamed.html]).toEqual([
    400,
    expect.stringContaining('missing required parameter &#39;client_id&#39;'),
  ])
  expect([elsewhere.status, elsewhere.html]).toEqual([
    401,
    expect.stringContaining('There is no account &#34;99999999&#34;'),
  ])
  for (const { html } of [unnamed, elsewhere]) expect(html).toContain('This does not work')
})

test('what is asked for in a wrong form is told on a page, too', async () => {
  const browser = openTestBrowser(shared)
  const sentinel = `/sentinel/api/account/${shared.accountId}`
  const wrong: [path: string, status: number, told: string][] = [
    [`${authorizePath(shared, portal)}&state=again`, 400, 'query.state'],
    [authorizePath(shared, portal, { state: 'x'.repeat(5000) }), 400, 'query.state'],
    [authorizePath(shared, portal, { response_mode: 'form_post' }), 400, 'query.response_mode'],
    [`${sentinel}/authorize/a.b`, 400, 'params.uid'],
    [`${sentinel}/interaction/a.b`, 400, 'params.uid'],
    ['/sentinel/api/account/99999999/interaction/x', 404, 'There is no account &#34;99999999&#34;'],
  ]
  for (const [path, status, told] of wrong) {
    const shown = await browser.open(path)
    expect([path, shown.status, shown.html]).toEqual([path, status, expect.stringContaining(told)])
    expect(shown.headers.get('content-type')).toContain('text/html')
    const asProgram = await shared.request('GET', path)
    expect([asProgram.status, asProgram.json()]).toEqual([
      status,
      { error: expect.any(String), error_description: expect.any(String) },
    ])
  }
  const page = await browser.open(authorizePath(shared, portal, { prompt: 'login' }))
  const twice = await browser.submit(page, { action: 'nothing' })
  expect([twice.status, twice.html]).toEqual([400, expect.stringContaining('body.action')])
})

test.each<[string, Record<string, string | undefined>, string]>([
  ['no response type', { response_type: undefined }, 'invalid_request'],
  ['another response type', { response_type: 'none' }, 'unsupported_response_type'],
  ['a scope that the application lacks', { scope: 'openid account.read' }, 'invalid_scope'],
  ['a scope that nobody passes on', { scope: 'openid msg.consumer' }, 'invalid_scope'],
  [
    'a plain challenge',
    { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
    'invalid_request',
  ],
  ['a challenge without a method', { code_challenge: 'a'.repeat(43) }, 'invalid_request'],
  ['nobody to ask', { prompt: 'none' }, 'login_required'],
  ['another resource', { resource: 'https://elsewhere.example.com' }, 'invalid_target'],
])(
  'a request with %s goes back to the application with its state',
  async (_what, change, error) => {
    const { status, headers } = await shared.request('GET', authorizePath(shared, portal, change))

    const back = new URL(String(headers.location))
    expect([status, `${back.origin}${back.pathname}`]).toEqual([302, portal.redirectUri])
    const { searchParams } = back
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual([error, 'a state'])
    expect(searchParams.get('error_description')).not.toBe('')
  },
)

test('the address may be left out where the application has one only', async () => {
  const scene = await anotherScene(server)
  const application = await givenApplication(scene)
  const path = authorizePath(scene, application, { redirect_uri: undefined })

  const back = await consent(openTestBrowser(scene), path, scene.admin)
  const { status } = await askForTokens(scene, application, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
  })

  expect([`${back.origin}${back.pathname}`, status]).toEqual([application.redirectUri, 200])
})

test('a user who refuses sends the browser back with access_denied', async () => {
  const scene = await anotherScene(server)
  const application = await givenApplication(scene)
  const browser = openTestBrowser(scene)

  const page = await browser.open(authorizePath(scene, application))
  const { left } = await browser.submit(page, { action: 'refuse' })

  expect(left?.searchParams.get('error')).toBe('access_denied')
  expect(left?.searchParams.get('state')).toBe('a state')
})
