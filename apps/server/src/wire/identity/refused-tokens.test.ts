import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'
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
