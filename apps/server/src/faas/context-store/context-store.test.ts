import { openConsumerSocket, startTestServer } from '#testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'

test('properties live as long as their namespace says, for the key of their account', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer } = server
  const keyOf = async (account: { accountId: string; adminBearer: string }) => {
    const path = `/api/v1/accounts/${account.accountId}/context-store/key`
    const answer = await server.request('GET', path, { bearer: account.adminBearer })
    return answer.json<{ apiKey: string }>().apiKey
  }
  const apiKey = await keyOf({ accountId, adminBearer })
  const ask = (method: string, path: string, body?: unknown, key = apiKey) =>
    server.request(method, `/v1/account/${accountId}${path}`, {
      headers: { 'maven-api-key': key },
      ...(body !== undefined && { body }),
    })

  expect((await ask('POST', '?ttlSecond=60', { name: 'cart' })).status).toBe(204)
  expect((await ask('POST', '?ttlSecond=90', { name: 'cart' })).status).toBe(204)
  expect((await ask('POST', '', { name: 'faas' })).status).toBe(409)
  const listed = (await ask('GET', '')).json<{ name: string; ttlSecond?: number }[]>()
  expect(listed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['faas', 'consumer', 'custom', 'operational', 'conversation', 'cart']),
  )
  expect(listed.find(({ name }) => name === 'cart')).toMatchObject({ ttlSecond: 60 })

  const values = { items: [{ sku: 'a', count: 2 }], note: null, name: 'Ada' }
  expect((await ask('PATCH', '/cart/s1/properties', values)).status).toBe(204)
  expect((await ask('GET', '/cart/s1/properties')).json()).toEqual(values)
  expect((await ask('GET', '/cart/s1/properties/name')).text).toBe('"Ada"')
  expect((await ask('GET', '/cart/session-ids')).json()).toEqual(['s1'])

  await server.clock.advance(59_000)
  expect((await ask('GET', '/cart/s1/properties/name')).status).toBe(200)
  await server.clock.advance(1_000)
  expect((await ask('GET', '/cart/s1/properties/name')).status).toBe(404)
  expect((await ask('GET', '/cart/s1/properties')).json()).toEqual({})
  expect((await ask('GET', '/cart/session-ids')).json()).toEqual([])
  expect((await ask('DELETE', '/cart/s1/properties/name')).status).toBe(404)
  expect((await ask('DELETE', '/cart/s1/properties/')).status).toBe(404)

  expect((await ask('PATCH', '/cart/properties', { a: 1, b: 2 })).status).toBe(204)
  expect((await ask('GET', '/cart/__default__/properties')).json()).toEqual({ a: 1, b: 2 })
  expect((await ask('GET', '/cart/properties/a')).text).toBe('1')
  expect((await ask('PUT', '/cart/properties/a', 2)).status).toBe(204)
  expect((await ask('PUT', '/cart/__default__/properties/c', { deep: [null] })).status).toBe(204)
  expect((await ask('GET', '/cart/properties')).json()).toEqual({ a: 2, b: 2, c: { deep: [null] } })
  expect((await ask('PUT', '/cart/properties/a')).status).toBe(400)
  expect((await ask('PUT', '/nowhere/properties/a', 1)).status).toBe(404)
  expect((await ask('DELETE', '/cart/properties/c')).status).toBe(204)
  expect((await ask('DELETE', '/cart/properties/a')).status).toBe(204)
  expect((await ask('GET', '/cart/properties')).json()).toEqual({ b: 2 })
  expect((await ask('DELETE', '/cart/properties')).status).toBe(204)
  expect((await ask('GET', '/cart/session-ids')).json()).toEqual([])

  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`p${n}`, n]))
  expect((await ask('PATCH', '/cart/s2/properties', many)).status).toBe(204)
  expect((await ask('GET', '/cart/s2/properties')).json()).toEqual(many)

  const other = await server.anotherAccount()
  expect((await ask('GET', '', undefined, await keyOf(other))).status).toBe(403)
  expect((await ask('GET', '/nowhere/s1/properties')).status).toBe(404)
  const refused = await ask('POST', '', { name: 'a b' })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('body.name')
})

test('names that a path could not hold are refused', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer: bearer } = server
  const native = `/api/v1/accounts/${accountId}/context-store/key`
  const key = await server.request('GET', native, { bearer })
  const headers = { 'maven-api-key': key.json<{ apiKey: string }>().apiKey }
  const ask = async (method: string, path: string, body: unknown) => {
    const { status, text } = await server.request(method, `/v1/account/${accountId}${path}`, {
      headers,
      body,
    })
    return [status, text]
  }
  const refused = (where: string) => [400, expect.stringContaining(where)]

  expect(await ask('POST', '', { name: '..' })).toEqual(refused('body.name'))
  expect(await ask('PATCH', '/custom/s1/properties', { '.': 1 })).toEqual(refused('must not be'))
  expect(await ask('PATCH', '/custom/properties/properties', { x: 1 })).toEqual(
    refused('params.sessionId'),
  )
  expect(await ask('PUT', '/custom/properties/properties/x', 1)).toEqual(
    refused('params.sessionId'),
  )
  expect((await ask('PUT', '/custom/properties/properties', 1))[0]).toBe(204)
})

test('properties about a conversation are erased with its consumer', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer } = server
  const native = `/api/v1/accounts/${accountId}`
  const key = await server.request('GET', `${native}/context-store/key`, { bearer: adminBearer })
  const headers = { 'maven-api-key': key.json<{ apiKey: string }>().apiKey }
  const properties = (sessionId: string) =>
    `/v1/account/${accountId}/custom/${sessionId}/properties`
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  for (const sessionId of [conversationId, 'another']) {
    await server.request('PATCH', properties(sessionId), { headers, body: { name: 'Ada' } })
  }

  await server.request('POST', `${native}/erasures`, {
    bearer: adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  await server.clock.advance(0)

  const left = await server.request('GET', properties(conversationId), { headers })
  expect(left.json()).toEqual({})
  const kept = await server.request('GET', properties('another'), { headers })
  expect(kept.json()).toEqual({ name: 'Ada' })
})

test('a replaced key ends at once, and the audit names the user', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer: bearer, admin } = server
  const native = `/api/v1/accounts/${accountId}`
  const ask = async (method: string) =>
    (await server.request(method, `${native}/context-store/key`, { bearer })).json<{
      apiKey: string
    }>().apiKey
  const list = async (key: string) =>
    (
      await server.request('GET', `/v1/account/${accountId}`, {
        headers: { 'maven-api-key': key },
      })
    ).status

  const before = await ask('GET')
  const after = await ask('POST')

  expect([await list(before), await list(after)]).toEqual([403, 200])
  const audit = await server.request('GET', `${native}/audit?object=context-key`, { bearer })
  expect(audit.json()).toMatchObject({
    entries: [{ actor: admin.user, action: 'context-key.replaced' }],
  })
  expect(audit.text).not.toContain(after)
})

test('so many sessions are listed at once, and the others after the last of them', async () => {
  await using server = await startTestServer()
  const { accountId, adminBearer: bearer } = server
  const key = await server.request('GET', `/api/v1/accounts/${accountId}/context-store/key`, {
    bearer,
  })
  const list = async (query: string) => {
    const path = `/v1/account/${accountId}/custom/session-ids${query}`
    const headers = { 'maven-api-key': key.json<{ apiKey: string }>().apiKey }
    return (await server.request('GET', path, { headers })).json<string[]>()
  }
  const ids = Array.from({ length: 10_001 }, (_, n) => `s${100_000 + n}`)
  await sql`insert into context_property (account_id, namespace, session_id, name, value)
    select ${accountId}, 'custom', id, name, '1' from unnest(${ids}::text[]) id, unnest('{a,b}'::text[]) name`.execute(
    server.context.store.db,
  )

  expect(await list('')).toEqual(ids.slice(0, 10_000))
  expect(await list(`?after=${ids[9_999]}`)).toEqual(ids.slice(10_000))
})
