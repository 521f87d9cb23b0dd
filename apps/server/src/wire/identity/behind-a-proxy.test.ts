import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

/** Something before the server takes TLS off, at a port of its own, and leaves the header `Host` as it comes. */
const server = await startTestServer({
  env: { PARLEY_PUBLIC_URL: 'https://chat.example.com:8443/' },
})
afterAll(() => server[Symbol.asyncDispose]())

async function lookUp(host: string) {
  const path = `/api/account/${server.accountId}/service/agentVep/baseURI.json?version=1.0`
  const reply = await server.request('GET', path, { headers: { host } })
  return reply.json<{ baseURI: string }>().baseURI
}

test('a client that asks at the public address is led to its port, not to that of the server behind it', async () => {
  expect(await lookUp('chat.example.com:8443')).toBe('chat.example.com:8443')
  expect(await lookUp('Chat.Example.com')).toBe('chat.example.com:8443')
  expect(await lookUp('localhost:4800')).toMatch(/^localhost:\d+$/)
  expect(await lookUp('localhost:4800')).not.toBe('localhost:8443')
})

test('cookies of a log-in at the public address are for TLS only', async () => {
  const cookiesAt = async (host: string, path: string, body: object) => {
    const { status, headers } = await server.request('POST', path, { headers: { host }, body })
    expect(status).toBeLessThan(300)
    return [headers['set-cookie'] ?? []].flat()
  }
  const { user, password } = server.agents[0]
  const logIns: [string, object][] = [
    [`/api/account/${server.accountId}/login?v=1.3`, { username: user, password }],
    [`/api/v1/accounts/${server.accountId}/sessions`, { loginName: user, password }],
  ]
  for (const [path, body] of logIns) {
    const safe = await cookiesAt('chat.example.com:8443', path, body)
    expect(safe.length).toBeGreaterThan(0)
    for (const cookie of safe) expect(cookie).toMatch(/; Secure$/)
    for (const cookie of await cookiesAt('127.0.0.1:4800', path, body)) {
      expect(cookie).not.toContain('Secure')
    }
  }
})
