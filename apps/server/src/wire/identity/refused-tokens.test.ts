import { expect, test } from 'vitest'
import { lambdasOf, login, signUp, startTestServer } from '#testing'
import { proofOfKey } from './key-proof.fixture.ts'

test('a refused token is named as such by its scheme, and a request without one hears of no error', async () => {
  await using server = await startTestServer()
  const uuid = await lambdasOf(server).deployed('const lambda = () => 1')
  const native = `/api/v1/accounts/${server.accountId}/caller`
  const published = `/api/account/${server.accountId}/lambdas`
  const invocation = `${published}/${uuid}/invoke?v=1`
  const proof = (method: string, path: string, token?: string) =>
    proofOfKey({ method, htu: `${server.url}${path}`, token, at: server.clock.now() })
  const tokens = `/sentinel/api/account/${server.accountId}/app/token`
  const { id, secret } = server.client
  const issued = await server.request('POST', tokens, {
    headers: { dpop: await proof('POST', tokens) },
    body: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
  })
  const bound = issued.json<{ access_token: string }>().access_token
  const dpop = await proof('GET', '/elsewhere', bound)
  const challenge = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const reply = await server.request(method, path, {
      headers,
      ...(method === 'POST' && { body: { payload: 1 } }),
    })
    return [reply.status, reply.headers['www-authenticate']]
  }

  const wrong = 'error_description="The token is wrong or has expired"'
  for (const [method, path] of [
    ['GET', native],
    ['GET', `${published}?v=1`],
    ['POST', invocation],
  ] as const) {
    expect(await challenge(method, path)).toEqual([401, 'Bearer'])
    expect(await challenge(method, path, { authorization: 'Bearer "x"' })).toEqual([
      401,
      `Bearer error="invalid_token", ${wrong}`,
    ])
    expect(await challenge(method, path, { authorization: 'DPoP x', dpop })).toEqual([
      401,
      `DPoP error="invalid_token", ${wrong}, algs="ES256 ES384 RS256 PS256 EdDSA"`,
    ])
  }
  expect(await challenge('GET', native, { authorization: `DPoP ${bound}`, dpop })).toEqual([
    401,
    'DPoP error="invalid_dpop_proof", error_description="DPoP: htu is another address", algs="ES256 ES384 RS256 PS256 EdDSA"',
  ])
})

test('a caller that lacks a right hears that its token is good, and which right it lacks', async () => {
  await using server = await startTestServer()
  const { accountId, client } = server
  const tokens = `/sentinel/api/account/${accountId}/app/token`
  const answer = await server.request('POST', tokens, {
    body: {
      grant_type: 'client_credentials',
      scope: 'conversation.read',
      client_id: client.id,
      client_secret: client.secret,
    },
  })
  const bearer = answer.json<{ access_token: string }>().access_token
  const challenge = async (method: string, path: string, authorization: string) => {
    const reply = await server.request(method, path, {
      headers: { authorization },
      ...(method === 'POST' && { body: { kind: 'req', id: '1', type: 'GetClock' } }),
    })
    return [reply.status, reply.headers['www-authenticate']]
  }
  const lacking = (what: string) => [
    403,
    `Bearer error="insufficient_scope", error_description="The caller lacks the ${what}"`,
  ]

  for (const [method, path, what] of [
    ['GET', `/api/v1/accounts/${accountId}/logs`, "permission 'log:read'"],
    ['GET', `/api/account/${accountId}/logs/export?v=1`, "permission 'log:read'"],
    [
      'POST',
      `/api/account/${accountId}/messaging/consumer/conversation/send`,
      "scope 'msg.consumer'",
    ],
  ] as const) {
    expect(await challenge(method, path, `Bearer ${bearer}`)).toEqual(lacking(what))
  }
})

test('a caller that may change only some members of a setting hears which right the others need', async () => {
  await using server = await startTestServer()
  const root = `/api/v1/accounts/${server.accountId}`
  const password = 'a-long-enough-password-1'
  const developer = { loginName: 'dev', role: 'agent-manager', profiles: ['FaaS-Developer'] }
  await server.request('POST', `${root}/users`, {
    bearer: server.adminBearer,
    body: { ...developer, password },
  })
  const { bearer } = await login(server, { user: 'dev', password })

  const path = `${root}/report-settings`
  const reply = await server.request('PUT', path, { bearer, body: { frequency: 'weekly' } })

  expect([reply.status, reply.headers['www-authenticate']]).toEqual([
    403,
    `Bearer error="insufficient_scope", error_description="body.frequency: the caller may not change it, as it lacks the permission 'report-settings:write'"`,
  ])
})

test('a connector that names no consumer hears of no wrong token, and of a wrong one where it stands', async () => {
  await using server = await startTestServer()
  const path = `/api/account/${server.accountId}/messaging/consumer/conversation/send`
  const challenge = async (headers: Record<string, string>) => {
    const { status, text, ...reply } = await server.request('POST', path, {
      bearer: server.appToken,
      headers,
      body: { kind: 'req', id: '1', type: 'GetClock' },
    })
    return [status, reply.headers['www-authenticate'], JSON.parse(text).error?.message]
  }

  expect(await challenge({})).toEqual([401, 'Bearer', 'X-LP-ON-BEHALF: is missing'])
  const wrong = "X-LP-ON-BEHALF: The consumer's token is not one of this account"
  expect(await challenge({ 'x-lp-on-behalf': 'x' })).toEqual([
    401,
    `Bearer error="invalid_token", error_description="${wrong}"`,
    wrong,
  ])
  expect((await challenge({ 'x-lp-on-behalf': await signUp(server) }))[0]).toBe(200)
})

test('a path that no published API has is answered in the members of each of them', async () => {
  await using server = await startTestServer()
  const reply = await server.request('GET', `/api/account/${server.accountId}/nowhere`)
  const message = `There is nothing at /api/account/${server.accountId}/nowhere`

  expect([reply.status, reply.json()]).toEqual([
    404,
    {
      error: message,
      internalCode: 404,
      errorCode: 'com.liveperson.faas.es.badinput',
      errorMsg: message,
      code: 'com.liveperson.faas.evg.invalid',
      message,
    },
  ])
})
