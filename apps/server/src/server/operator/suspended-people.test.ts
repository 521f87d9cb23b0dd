import { expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  call,
  consent,
  givenApplication,
  openTestBrowser,
  startTestServer,
} from '#testing'
import { asOperator, WITH_OPERATOR } from './operator.fixture.ts'

test('who logs in for an application, renews its tokens or takes an invitation hears of the suspension', async () => {
  await using server = await startTestServer({ env: WITH_OPERATOR })
  const scene = await anotherScene(server)
  const { accountId } = scene
  const application = await givenApplication(scene)
  const path = authorizePath(scene, application)
  const browser = openTestBrowser(scene)
  const tokens = (fields: Record<string, string>) =>
    server.request('POST', `/sentinel/api/account/${accountId}/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: application.clientId,
        client_secret: application.clientSecret,
        ...fields,
      }).toString(),
    })
  const back = await consent(browser, path, scene.admin)
  const code = back.searchParams.get('code') ?? ''
  const codeGrant = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: application.redirectUri,
  }
  const logIn = { loginName: scene.admin.user, password: scene.admin.password, action: 'log-in' }
  const others = openTestBrowser(scene)
  const page = await others.open(path)
  const asking = await openTestBrowser(scene).open(path)
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', { loginName: 'grace' })
  const { token } = await call<{ token: string }>(scene, 'POST', `users/${userId}/invitation`, {})
  const suspension = (method: string, body?: object) =>
    asOperator(server)(method, `accounts/${accountId}/suspension`, body)
  const invitation = (body: object) =>
    server.request('POST', `/api/v1/accounts/${accountId}/invitation`, { body })

  expect((await suspension('PUT', {})).status).toBe(200)

  const german = await others.submit(page, logIn, { 'accept-language': 'de' })
  expect([german.status, german.html]).toEqual([403, expect.stringContaining('ist gesperrt')])
  const english = await others.submit(page, logIn)
  expect([english.status, english.html]).toEqual([403, expect.stringContaining('is suspended')])
  const guessed = await others.submit(page, { ...logIn, password: 'wrong' })
  expect([guessed.status, guessed.html]).toEqual([
    404,
    expect.stringContaining('There is no account'),
  ])
  expect((await others.open(asking.url)).status).toBe(404)
  for (const [reply, status] of [
    [await tokens(codeGrant), 403],
    [await tokens({ ...codeGrant, client_secret: 'wrong' }), 401],
    [await invitation({ token }), 403],
    [await invitation({ token: 'wrong' }), 404],
  ] as const) {
    expect([reply.status, reply.text.includes('is suspended')]).toEqual([status, status === 403])
  }
  expect((await suspension('DELETE')).status).toBe(200)
  expect((await tokens(codeGrant)).status).toBe(200)
  expect((await others.submit(page, logIn)).html).toContain('Allow this?')
  expect((await invitation({ token })).status).toBe(200)
})
