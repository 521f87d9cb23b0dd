import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

interface LookUp {
  baseURIs: { service: string; account: string; baseURI: string }[]
}

async function lookUp(host: string, accountId = server.accountId) {
  const reply = await server.request(
    'GET',
    `/api/account/${accountId}/service/baseURI.json?version=1.0`,
    { headers: { host } },
  )
  const { baseURIs } = reply.json<LookUp>()
  return Object.fromEntries(baseURIs.map(({ service, baseURI }) => [service, baseURI]))
}

test('every service of a published client is at the host of the request', async () => {
  const found = await lookUp('api.liveperson.net')

  for (const service of [
    'agentVep',
    'sentinel',
    'faasUI',
    'faasGW',
    'asyncMessagingEnt',
    'idp',
    'msgHist',
  ]) {
    expect(found[service]).toBe('api.liveperson.net')
  }
})

test('the port of the request is replaced by the port of TLS, a default port is left out', async () => {
  expect((await lookUp('localhost:4800')).agentVep).toMatch(/^localhost:\d+$/)
  expect((await lookUp('Parley.Example:80')).agentVep).toBe('parley.example')
  expect((await lookUp('[::1]:4800')).agentVep).toMatch(/^\[::1\]:\d+$/)
})

test('an account of the dialect v2 gets hosts that make the functions client use v2', async () => {
  const account = await server.anotherAccount()
  const changed = await server.request('PATCH', `/api/v1/accounts/${account.accountId}/settings`, {
    bearer: account.adminBearer,
    body: { dialect: 'v2' },
  })
  expect(changed.status).toBe(200)

  expect(await lookUp('parley.example', account.accountId)).toMatchObject({
    faasGW: 'fninvocations.parley.example',
    faasUI: 'functions.parley.example',
    sentinel: 'parley.example',
  })
  const byAddress = await lookUp('127.0.0.1:4800', account.accountId)
  expect(byAddress.faasGW).toMatch(/^fninvocations\.localhost:\d+$/)
})

test('a client looks up one service', async () => {
  const path = `/api/account/${server.accountId}/service`
  const headers = { host: 'parley.example' }

  const known = await server.request('GET', `${path}/idp/baseURI.json?version=1.0`, { headers })
  const unknown = await server.request('GET', `${path}/nothing/baseURI.json`, { headers })

  expect(known.json()).toEqual({
    service: 'idp',
    account: server.accountId,
    baseURI: 'parley.example',
  })
  expect(unknown.status).toBe(404)
})

test('an unknown account and a malformed host are refused', async () => {
  const unknown = await server.request('GET', '/api/account/nobody/service/baseURI.json')
  const host = await server.request(
    'GET',
    `/api/account/${server.accountId}/service/baseURI.json`,
    {
      headers: { host: 'evil.example/path?' },
    },
  )

  expect([unknown.status, host.status]).toEqual([404, 400])
  expect(unknown.json()).toMatchObject({
    error: expect.stringContaining('nobody'),
    internalCode: 404,
  })
})

test('a function in the sandbox gets the internal host of this server', async () => {
  const { port } = await server.context.http.listen({ host: '127.0.0.1', port: 0, internal: true })

  const path = `/api/account/${server.accountId}/service/baseURI.json`
  const reply = await fetch(`http://127.0.0.1:${port}${path}`)

  const { baseURIs } = (await reply.json()) as LookUp
  expect(new Set(baseURIs.map(({ baseURI }) => baseURI))).toEqual(new Set(['parley.internal']))
})

test('the look-up answers without .json, too', async () => {
  const at = (path: string) =>
    server.request('GET', `/api/account/${server.accountId}/service/${path}?version=1.0`)
  expect((await at('baseURI')).text).toBe((await at('baseURI.json')).text)
  const one = await at('sentinel/baseURI')
  expect(one.json()).toMatchObject({ service: 'sentinel', account: server.accountId })
  expect(one.text).toBe((await at('sentinel/baseURI.json')).text)
  expect((await at('shiftstatus/baseURI')).status).toBe(200)
  const unknown = await at('nothing/baseURI')
  expect(unknown.status).toBe(404)
  expect(unknown.json()).toMatchObject({ error: 'There is no service "nothing"' })
})
