import type { AuditEntry } from '@parley/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  call,
  consent,
  countWaiting,
  givenApplication,
  lockTable,
  onwardOf,
  openTestBrowser,
  type Scene,
  startTestServer,
  type TestApplication,
  type TestBrowser,
  type TestServer,
} from '#testing'

let server: TestServer
let scene: Scene
let application: TestApplication
let browser: TestBrowser
beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(async () => {
  scene = await anotherScene(server)
  application = await givenApplication(scene, { name: 'Portal <b>&' })
  browser = openTestBrowser(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

const ask = () => browser.open(authorizePath(scene, application))
const credentials = () => ({ loginName: scene.admin.user, password: scene.admin.password })

test('log-in and consent show the application, its address, the account and the scope, without a script', async () => {
  const logIn = await ask()
  const allow = await browser.submit(logIn, { action: 'log-in', ...credentials() })

  for (const { status, html, headers } of [logIn, allow]) {
    expect(status).toBe(200)
    for (const shown of [
      'Portal &#60;b&#62;&#38;',
      scene.accountId,
      'https://app.example.com',
      'faas.lambda.invoke',
    ]) {
      expect(html).toContain(shown)
    }
    expect(html).not.toMatch(/<script|javascript:|\son\w+=|Portal <b>/)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toBe('no-store')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src|unsafe/)
  }
  expect(allow.html).toContain(`logged in as ${scene.admin.user}`)
})

test('the log-in begins with the name that the application has hinted at', async () => {
  const hint = { login_hint: 'ada "<i>' }

  const { html } = await browser.open(authorizePath(scene, application, hint))

  expect(html).toContain('name="loginName" value="ada &#34;&#60;i&#62;"')
})

test('the cookies are for this account only, and no script reads them', async () => {
  const response = await fetch(`${scene.url}${authorizePath(scene, application)}`, {
    redirect: 'manual',
  })

  const cookies = response.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) {
    expect(cookie).toMatch(new RegExp(`path=/sentinel/api/account/${scene.accountId}/`, 'i'))
    expect(cookie).toMatch(/httponly/i)
    expect(cookie).toMatch(/samesite=lax/i)
  }
})

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['from another site', {}, { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }],
  ['of another site that hides it', {}, { origin: 'null' }],
  ['from another host of the same site', {}, { 'sec-fetch-site': 'same-site' }],
  ['without its token', { token: 'x' }, {}],
])('a form that was sent %s is refused, and answers nothing', async (_what, fields, headers) => {
  const page = await ask()

  const forged = await browser.submit(
    page,
    { action: 'log-in', ...credentials(), ...fields },
    headers,
  )

  expect([forged.status, forged.left]).toEqual([403, undefined])
  const { status } = await browser.submit(page, { action: 'log-in', ...credentials() })
  expect(status).toBe(200)
})

test('a form of one step is not taken for the next, and another browser cannot answer', async () => {
  const page = await ask()
  const stranger = await openTestBrowser(scene).submit(page, { action: 'log-in', ...credentials() })
  const tooEarly = await browser.submit(page, { action: 'allow' })

  expect(stranger.status).toBe(400)
  expect([tooEarly.status, tooEarly.left]).toEqual([401, undefined])
})

test('a request lives ten minutes', async () => {
  const page = await ask()

  await server.clock.advance(600_001)
  const late = await browser.submit(page, { action: 'log-in', ...credentials() })

  expect(late.status).toBe(400)
  expect(late.html).toContain('has expired')
})

test('a wrong password is asked for again, within the limits of all log-ins', async () => {
  const page = await ask()
  const guess = (password: string) =>
    browser.submit(page, { action: 'log-in', loginName: 'nobody "<i>', password })

  const first = await guess('wrong')
  expect([first.status, first.html.includes('nobody &#34;&#60;i&#62;')]).toEqual([401, true])
  expect(first.html).not.toContain('wrong"')
  for (let count = 1; count < 10; count++) expect((await guess('wrong')).status).toBe(401)
  const limited = await guess('wrong')
  expect(limited.status).toBe(429)
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(limited.html).toContain('too many failed log-ins')
})

test('a user without the right cannot allow it, also by a form of its own, and can go back', async () => {
  const user = { loginName: 'plain', password: 'a long pass phrase' }
  await call(scene, 'POST', 'users', user)

  const page = await browser.submit(await ask(), { action: 'log-in', ...user })
  expect(page.html).toContain('You cannot allow this')
  expect(page.html).toContain('function:invoke')
  expect(page.html).not.toContain('value="allow"')
  expect((await browser.submit(page, { action: 'allow' })).status).toBe(403)
  const { left } = await browser.submit(page, { action: 'refuse' })
  expect(left?.searchParams.get('error')).toBe('access_denied')
})

test('somebody else logs in in the same browser, without a script', async () => {
  const other = { loginName: 'other', password: 'a long pass phrase' }
  await call(scene, 'POST', 'users', { ...other, profiles: ['FaaS-Invocation'] })
  const allow = await browser.submit(await ask(), { action: 'log-in', ...credentials() })

  const again = /href="([^"]*prompt=login[^"]*)"/.exec(allow.html)?.[1] ?? ''
  const logIn = await browser.open(again.replaceAll('&#38;', '&'))
  const page = await browser.submit(logIn, { action: 'log-in', ...other })
  expect(page.html).toContain('logged in as other')
  const { left } = await browser.submit(page, { action: 'allow' })
  expect(left?.searchParams.get('code')).toBeTruthy()
})

test('who was disabled since then is asked again who is there', async () => {
  const user = {
    loginName: 'leaver',
    password: 'a long pass phrase',
    profiles: ['FaaS-Invocation'],
  }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', user)
  await consent(browser, authorizePath(scene, application), {
    user: 'leaver',
    password: user.password,
  })

  await call(scene, 'PATCH', `users/${userId}`, { enabled: false })

  expect((await ask()).html).toContain('name="password"')
})

test('each log-in and each consent is in the audit, with the address', async () => {
  const user = { loginName: 'invoker', password: 'a long pass phrase' }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', {
    ...user,
    profiles: ['FaaS-Invocation'],
  })
  await consent(browser, authorizePath(scene, application), {
    user: 'invoker',
    password: user.password,
  })

  const { entries } = await call<{ entries: AuditEntry[] }>(scene, 'GET', 'audit?actor=invoker')
  expect(entries.toSorted((one, other) => (one.action < other.action ? -1 : 1))).toEqual([
    expect.objectContaining({
      actor: 'invoker',
      action: 'grant.given',
      object: `client:${application.clientId}`,
      address: '127.0.0.1',
      details: { scopes: ['openid', 'faas.lambda.invoke'] },
    }),
    expect.objectContaining({
      actor: 'invoker',
      action: 'session.opened',
      object: `user:${userId}`,
      address: '127.0.0.1',
      details: { loginName: 'invoker', application: application.clientId },
    }),
  ])
})

test.each<[string, (userId: string) => Promise<unknown>]>([
  [
    'gets another password',
    (userId) => call(scene, 'PATCH', `users/${userId}`, { password: 'one more long phrase' }),
  ],
  ['is logged out everywhere', (userId) => call(scene, 'DELETE', `users/${userId}/sessions`)],
])('a log-in that has not led on yet ends when the user %s', async (_what, end) => {
  const password = 'a long pass phrase'
  const leaver = { loginName: 'leaver', password, profiles: ['FaaS-Invocation'] }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', leaver)
  const form = await ask()
  // The answer sends the browser on, which waits with that.
  const held = await browser.submit(
    form,
    { action: 'log-in', loginName: 'leaver', password },
    {},
    { follow: false },
  )
  expect([held.status, held.html]).toEqual([200, expect.stringContaining('One moment')])

  await end(userId)

  const page = await browser.open(onwardOf(held.headers) ?? '')
  expect(page.html).not.toContain('logged in as')
  const consenting = await browser.submit(page, { action: 'allow' })
  expect(consenting.left?.searchParams.get('code')).toBeFalsy()
})

test('a log-in with the old password is none when it is changed meanwhile', async () => {
  const password = 'a long pass phrase'
  const user = { loginName: 'leaver', password, profiles: ['FaaS-Invocation'] }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', user)
  const form = await ask()
  // Who logs in has shown the password, and waits for what is kept of that.
  await using lock = await lockTable(server, 'grant_item', { for: 'writers' })
  const answered = browser.submit(form, { action: 'log-in', loginName: 'leaver', password })
  await expect.poll(() => countWaiting(server)).toBe(1)
  const changed = call(scene, 'PATCH', `users/${userId}`, { password: 'one more long phrase' })
  await expect.poll(() => countWaiting(server)).toBe(2)

  await lock.free()

  await changed
  const { status, html } = await answered
  expect([status, html]).toEqual([401, expect.stringContaining('name="password"')])
})

// Last: until its minute is over nobody may begin.
test('an address that begins too many requests is answered 429, with the time to wait', async () => {
  const path = authorizePath(scene, application, { client_id: 'nobody' })
  let answer = await scene.request('GET', path)
  for (let count = 0; count < 5000 && answer.status === 401; count++) {
    answer = await scene.request('GET', path)
  }

  expect(answer.status).toBe(429)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  const shown = await browser.open(path)
  expect([shown.status, shown.html]).toEqual([
    429,
    expect.stringContaining('Too many log-ins were begun from this address'),
  ])
  expect(shown.headers.get('content-type')).toContain('text/html')
})
