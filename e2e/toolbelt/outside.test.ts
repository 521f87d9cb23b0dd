import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeCertificates } from '../../apps/server/src/faas/sandbox/certificates.fixture.ts'
import {
  type Lambdas,
  lambdasOf,
  startTestServer,
  type TestServer,
  PATIENT_SERVER,
} from '../../apps/server/testing/index.ts'
import { openOpensslServer, type OpensslServer } from './openssl-server.fixture.ts'

/** The clients that leave the platform, called by a deployed function, asserted by what arrives elsewhere. */
interface Arrived {
  method: string | undefined
  url: string | undefined
  headers: Record<string, unknown>
  body: string
}

const arrived: Arrived[] = []
const site = createServer(PATIENT_SERVER, (request, response) => {
  void text(request).then((body) => {
    const { method, url, headers } = request
    arrived.push({ method, url, headers, body })
    response.setHeader('content-type', 'application/json')
    response.end(answerOf(url ?? ''))
  })
})
const certificates = makeCertificates({ server: 'IP:127.0.0.1', client: 'IP:127.0.0.1' })
let openssl: OpensslServer
let server: TestServer
let lambdas: Lambdas
let base: string

/** As Salesforce answers. */
function answerOf(url: string): string {
  if (url.includes('/query?')) {
    return JSON.stringify({ totalSize: 1, done: true, records: [{ Id: '001', Name: 'Acme' }] })
  }
  if (url.includes('/sobjects/')) return JSON.stringify({ id: '500', success: true, errors: [] })
  return JSON.stringify({ fine: true })
}

beforeAll(async () => {
  openssl = await openOpensslServer(certificates)
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  base = `http://127.0.0.1:${port}`
  const env = { PARLEY_EGRESS_PRIVATE: `127.0.0.1:${port},127.0.0.1:${openssl.port}` }
  server = await startTestServer({ env })
  lambdas = lambdasOf(server)
})
beforeEach(() => void arrived.splice(0))
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  openssl[Symbol.dispose]()
  site.closeAllConnections()
  site.close()
  certificates[Symbol.dispose]()
})

async function call(statements: string, payload: unknown): Promise<unknown> {
  const uuid = await lambdas.deployed(`const { Toolbelt } = require('lp-faas-toolbelt')
const lambda = async ({ payload }) => { ${statements} }`)
  const reply = await lambdas.invoke(uuid, payload)
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
  return reply.json()
}

test('HTTPClient posts JSON to a server elsewhere and gives its answer', async () => {
  const post = `return Toolbelt.HTTPClient()(payload + '/orders', { method: 'POST', json: true, body: { order: 66 } })`
  expect(await call(post, base)).toEqual({ fine: true })
  expect(arrived).toEqual([
    {
      method: 'POST',
      url: '/orders',
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'lp-url': server.accountId,
        'user-agent': expect.stringMatching(/^LP-Lambda-/),
      }),
      body: '{"order":66}',
    },
  ])
})

test('SFClient queries and creates records of Salesforce', async () => {
  const work = `const con = Toolbelt.SFClient().connectToSalesforce({ instanceUrl: payload, accessToken: 'at' })
    const found = await new Promise((resolve, reject) =>
      con.query("SELECT Id, Name FROM Account", (error, result) => error ? reject(error) : resolve(result)))
    const made = await con.sobject('Case').create({ Subject: found.records[0].Name })
    return [found.totalSize, made.id]`
  expect(await call(work, base)).toEqual([1, '500'])
  const [query, create] = arrived
  expect(decodeURIComponent(query?.url ?? '').replaceAll('+', ' ')).toMatch(
    /query\?q=SELECT Id, Name FROM Account$/,
  )
  expect(create).toMatchObject({ method: 'POST', body: '{"Subject":"Acme"}' })
  for (const { headers } of arrived) {
    expect(headers).toMatchObject({ authorization: 'Bearer at', 'lp-url': server.accountId })
  }
})

describe('MTLSClient shows openssl its certificate', () => {
  const { pem } = certificates
  const files = { cert: pem('client.pem'), key: pem('client.key'), ca: pem('ca.pem') }

  test.each(['get', 'post', 'put', 'patch', 'delete', 'head', 'options'])('to %s', async (verb) => {
    const hasBody = !['get', 'head', 'options'].includes(verb)
    const given = verb === 'head' || verb === 'options' ? '' : 'payload.body,'
    const ask = `return Toolbelt.MTLSClient(payload.files).${verb}(payload.url, { 'x-own': 'mine' }, ${given} { json: true })`
    const body = hasBody ? { amount: 5 } : undefined
    const url = `https://127.0.0.1:${openssl.port}/accounts/1`
    const isBodiless = verb === 'head' || verb === 'options'
    const [answer, request] = await Promise.all([
      call(ask, { files, url, body }),
      openssl.answerNext('201 Created', verb === 'head' ? '' : '{"booked":true}'),
    ])
    expect(answer).toMatchObject({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      ...(!isBodiless && { body: { booked: true } }),
    })
    expect(answer).not.toHaveProperty(isBodiless ? 'body' : 'none')
    expect(request.startsWith(`${verb.toUpperCase()} /accounts/1 HTTP/1.1\r\n`)).toBe(true)
    expect(request).toMatch(/^x-own: mine\r$/im)
    expect(request.endsWith(hasBody ? '\r\n\r\n{"amount":5}' : '\r\n\r\n')).toBe(true)
  })
})
