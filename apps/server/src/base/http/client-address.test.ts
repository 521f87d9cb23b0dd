import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, openConsumerSocket, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8' },
  })
  await lambdasOf(server).deployed(
    `function lambda({ payload: { general } }, callback) {
      callback(null, [{ type: 'systemMessage', text: 'from ' + general.clientIpAddress }])
    }`,
    { eventId: 'controllerbot_messaging_new_conversation' },
  )
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['a trusted peer says where the consumer is', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['the nearest untrusted one counts', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['trusted ones are passed', '127.0.0.1', '203.0.113.7, 10.1.2.3,fd00::1', '203.0.113.7'],
  ['IPv6 and mapped IPv4', '127.0.0.1', '2001:db8::7, ::ffff:10.0.0.1', '2001:db8::7'],
  ['what is no address ends the walk', '127.0.0.1', '203.0.113.7, unknown, 10.1.2.3', '10.1.2.3'],
  ['ports are left out', '127.0.0.1', '203.0.113.7:4711, 10.1.2.3:80', '203.0.113.7'],
  ['and brackets', '127.0.0.1', '[2001:db8::7]:4711, [fd00::1]', '2001:db8::7'],
  ['nothing is said', '127.0.0.1', '', '127.0.0.1'],
  ['an untrusted peer is not believed', '127.0.0.2', '203.0.113.7', '127.0.0.2'],
])("a consumer's address in an event: %s", async (_, localAddress, forwarded, expected) => {
  await using consumer = await openConsumerSocket(server, {
    localAddress,
    headers: { 'x-forwarded-for': forwarded },
  })

  const conversationId = await consumer.openConversation()

  const message = await consumer.message(conversationId, ({ text }) => text !== undefined)
  expect(message.text).toBe(`from ${expected}`)
})

test.each(['login', 'sessions', 'files'] as const)(
  'failed logins count for the address that a trusted proxy tells: %s',
  async (entry) => {
    const { accountId, admin } = await server.anotherAccount()
    const guess = (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded }
      if (entry === 'files') {
        const credentials = { 'x-auth-user': `${accountId}:${admin.user}`, 'x-auth-key': 'guess' }
        return server.request('GET', '/auth/v1.0', { headers: { ...headers, ...credentials } })
      }
      const [path, body] =
        entry === 'login'
          ? [`/api/account/${accountId}/login?v=1.3`, { username: admin.user }]
          : [`/api/v1/accounts/${accountId}/sessions`, { loginName: admin.user }]
      return server.request('POST', path, { headers, body: { ...body, password: 'guess' } })
    }

    for (let time = 0; time < 10; time++) expect((await guess('203.0.113.7')).status).toBe(401)

    expect((await guess('203.0.113.7')).status).toBe(429)
    expect((await guess('203.0.113.8')).status).toBe(401)
  },
)

test.each(['10.0.0.300', '10.0.0.0/33', 'proxy.example.com'])(
  'a server that should trust %s does not start',
  async (entry) => {
    const starting = startTestServer({ env: { PARLEY_TRUSTED_PROXIES: `127.0.0.1,${entry}` } })
    await expect(starting).rejects.toThrow('must be IP addresses and CIDR ranges')
  },
)
