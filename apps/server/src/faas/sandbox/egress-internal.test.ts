import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificates } from './certificates.fixture.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import { PATIENT_SERVER } from '#testing'

/** This node's TLS listener, as functions reach it. */
const HOSTS = ['parley.internal', 'api.liveperson.net', 'z1.context.liveperson.net']
const certificates = makeCertificates({ node: HOSTS.map((host) => `DNS:${host}`).join(',') })
let listener: Server
let box: TestSandbox

beforeAll(async () => {
  const { pem } = certificates
  listener = createServer(
    { ...PATIENT_SERVER, cert: pem('node.pem'), key: pem('node.key') },
    (request, response) => {
      response.end(`${request.headers.host} ${request.url}`)
    },
  )
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  box = await openTestSandbox({
    ports: {
      internal: () => ({ host: '127.0.0.1', port, ca: pem('ca.pem'), connected: () => undefined }),
    },
  })
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  listener.closeAllConnections()
  listener.close()
  certificates[Symbol.dispose]()
})

const CLIENTS = {
  fetch: 'return (await fetch(i.payload)).text()',
  'node:https': `return new Promise((resolve, reject) => require('https').get(i.payload, (r) => {
    let text = ''; r.on('data', (c) => text += c); r.on('end', () => resolve(text)) }).on('error', reject))`,
  axios: `return (await require('axios').get(i.payload)).data`,
}

test.each(
  Object.entries(CLIENTS).flatMap(([name, code]) => HOSTS.map((host) => [name, host, code])),
)('%s reaches this node as %s and trusts its certificate', async (_name, host, code) => {
  const outcome = await box.run(`async function lambda(i) { ${code} }`, {
    payload: `https://${host}/x?y=1`,
    version: { delivers: 'return' },
  })
  expect(outcome).toMatchObject({ ok: true, value: `${host} /x?y=1` })
})

test('the authority of this node is trusted for its own hosts only', async () => {
  const { port } = listener.address() as AddressInfo
  await using other = await openTestSandbox({
    config: { egressPrivate: [`127.0.0.1:${port}`] },
    ports: {
      internal: () => ({
        host: '127.0.0.1',
        port,
        ca: certificates.pem('ca.pem'),
        connected: () => undefined,
      }),
    },
  })
  const code =
    'async function lambda(i) { return fetch(i.payload).then(() => "trusted", (e) => e.cause.code) }'
  const outcome = await other.run(code, {
    payload: `https://127.0.0.1:${port}/`,
    version: { delivers: 'return' },
  })
  expect(outcome.value).not.toBe('trusted')
})
