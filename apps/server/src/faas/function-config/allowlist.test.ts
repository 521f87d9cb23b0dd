import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowsHost } from '#faas/function-config'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(['*.*.example.com', '*', 'localhost', '10.0.0.1', 'a_b.example.com', 'x..com', ''])(
  '%s cannot be put on the list',
  async (domain) => {
    const reply = await lambdas.native('POST', '/allowed-domains', { domain })
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('domain')
  },
)

test('the name of an entry is as short on the published path as on the native one', async () => {
  const entry = { domain: 'named.example.com', id: -1, name: 'n'.repeat(201) }
  const refused = await lambdas.call('POST', '/proxy-settings?v=1', entry)
  expect([refused.status, refused.json()]).toEqual([
    400,
    {
      errorCode: 'com.liveperson.faas.es.badinput',
      errorMsg: 'name: must have at most 200 characters',
    },
  ])
  const named = { ...entry, name: 'n'.repeat(200) }
  expect((await lambdas.call('POST', '/proxy-settings?v=1', named)).status).toBe(201)
})

test('adding or removing an entry takes effect on every node within a second', async () => {
  const { accountId } = server
  const isAllowed = async () =>
    Promise.all(
      server.contexts.map(({ functionConfig }) =>
        functionConfig.allowlist.allows(accountId, 'api.example.com'),
      ),
    )
  expect(await isAllowed()).toEqual([false, false])

  const added = await lambdas.call('POST', '/proxy-settings?v=1', {
    timestamp: 0,
    domain: '*.example.com',
    id: -1,
  })
  expect(added.json()).toMatchObject({ domain: '*.example.com', id: expect.any(Number) })
  await expect.poll(isAllowed).toEqual([true, true])

  const again = await lambdas.native('POST', '/allowed-domains', { domain: '*.EXAMPLE.com' })
  expect(again.status).toBe(409)

  const { id } = added.json<{ id: number }>()
  expect((await lambdas.native('DELETE', `/allowed-domains/${id}`)).status).toBe(204)
  await expect.poll(isAllowed).toEqual([false, false])
  expect((await lambdas.native('DELETE', `/allowed-domains/${id}`)).status).toBe(404)
})

test("the platform's own hosts are on every list and cannot be removed", async () => {
  const { domains } = (await lambdas.native('GET', '/allowed-domains')).json<{
    domains: { domain: string; domainId: number; provisioned: boolean }[]
  }>()
  const login = domains.find(({ domain }) => domain === 'adminlogin.liveperson.net')
  expect(login?.provisioned).toBe(true)
  expect((await lambdas.native('DELETE', `/allowed-domains/${login?.domainId}`)).status).toBe(404)
})

test.each(['http://127.0.0.1:1/', 'http://localhost:1/', 'http://[::1]:1/'])(
  'the check of a redirect chain does not enter the own network by %s',
  async (url) => {
    const reply = await lambdas.native('POST', '/allowed-domains/checks', { url })
    expect(reply.json()).toMatchObject({
      missing: [new URL(url).hostname],
      stopped: expect.stringContaining('private or local'),
    })
  },
)

test.each([
  ['secrets', 'secret_limit_reached', (n: number) => ({ name: `s${n}`, value: 'x' })],
  ['allowed-domains', 'domain_limit_reached', (n: number) => ({ domain: `d${n}.example.com` })],
] as const)(
  'of %s that are made at once, no more are kept than the account may have: %s',
  async (list, code, bodyOf) => {
    const account = lambdasOf(server, await server.anotherAccount())
    await account.native('PATCH', '/settings', { limits: { secrets: 3, allowedDomains: 3 } })
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, n) => account.native('POST', `/${list}`, bodyOf(n))),
    )
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201, 201, 201, 409, 409, 409,
    ])
    for (const refused of replies.filter(({ status }) => status === 409)) {
      expect(refused.json()).toMatchObject({
        error: { code, message: expect.stringMatching(/may .* 3 /) as string },
      })
    }
    const kept = (await account.native('GET', `/${list}`)).json<Record<string, object[]>>()
    const own = Object.values(kept)
      .flat()
      .filter((one) => !('provisioned' in one && one.provisioned))
    expect(own).toHaveLength(3)
  },
)

test.each([
  ['api.example.com', true],
  ['API.Example.com.', true],
  ['other.example.com', false],
  // The platform's own.
  ['va.v.liveperson.net', true],
  ['parley.internal', true],
  ['liveperson.net', false],
])('where api.example.com is allowed, %s is: %s', (host, isAllowed) => {
  expect(allowsHost(['api.example.com'], host)).toBe(isAllowed)
})
