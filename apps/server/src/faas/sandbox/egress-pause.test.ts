import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemMonotonic } from '#base/kernel'
import { makeCertificates } from './certificates.fixture.ts'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import { PATIENT_SERVER } from '#testing'

/** Connections that a stopped instance keeps, and that end meanwhile. */
const certificates = makeCertificates({ server: 'IP:127.0.0.1', client: 'IP:127.0.0.1' })
const { pem } = certificates
let connections = 0
const plain = createHttp(PATIENT_SERVER, (_request, response) => response.end('answered'))
const secure = createHttps(
  { ...PATIENT_SERVER, cert: pem('server.pem'), key: pem('server.key') },
  (_request, response) => response.end('answered'),
)
const sites = { http: plain, https: secure }
const portOf = (site: keyof typeof sites) => (sites[site].address() as AddressInfo).port
/** Longer than a call waits for a slow machine: nothing is frozen before the test lets so much time pass. */
const FREEZE_AFTER_MS = 120_000
const system = systemMonotonic()
let leaptMs = 0
let box: TestSandbox

beforeAll(async () => {
  for (const site of Object.values(sites)) {
    site.on('connection', () => (connections += 1))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  }
  const egressPrivate = [`127.0.0.1:${portOf('http')}`, `127.0.0.1:${portOf('https')}`]
  box = await openTestSandbox({
    monotonic: { ...system, now: () => system.now() + leaptMs },
    config: { egressPrivate, limits: { freezeAfterMs: FREEZE_AFTER_MS } },
  })
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  for (const site of Object.values(sites)) {
    site.closeAllConnections()
    site.close()
  }
  certificates[Symbol.dispose]()
})

const CLIENTS = {
  fetch: 'return (await fetch(i.payload)).text()',
  axios: `const http = require('http'), https = require('https'), keepAlive = true
    const agents = globalThis.agents ??= { httpAgent: new http.Agent({ keepAlive }), httpsAgent: new https.Agent({ keepAlive, rejectUnauthorized: false }) }
    return (await require('axios').get(i.payload, agents)).data`,
  'node:https and node:http': `return new Promise((resolve, reject) => {
      const client = require(i.payload.split(':')[0])
      client.globalAgent.keepAlive = true
      client.globalAgent.options.rejectUnauthorized = false
      client.get(i.payload, (r) => { let text = ''; r.on('data', (c) => text += c); r.on('end', () => resolve(text)) }).on('error', reject)
    })`,
}
const cases = Object.keys(sites).flatMap((site) =>
  Object.keys(CLIENTS)
    // `fetch` does not trust the authority of its certificate.
    .filter((client) => site === 'http' || client !== 'fetch')
    .map(
      (client) => ({ site, client }) as { site: 'http' | 'https'; client: keyof typeof CLIENTS },
    ),
)

describe.each(cases)('$client over $site', ({ site, client }) => {
  const call = (path: string) =>
    box.run(`async function lambda(i) { ${CLIENTS[client]} }`, {
      payload: `${site}://127.0.0.1:${portOf(site)}${path}`,
      version: { delivers: 'return', deploymentId: `${client} ${site}` },
    })

  test('keeps its connection while it runs, and uses no connection that ended while it was frozen', async () => {
    connections = 0
    for (let turn = 1; turn <= 10; turn += 1) {
      expect(await call('/first')).toMatchObject({ ok: true, value: 'answered' })
      expect(await call('/second')).toMatchObject({ ok: true, value: 'answered', start: 'warm' })
      expect(connections).toBe(turn)
      leaptMs += FREEZE_AFTER_MS
      const { stats } = box.sandbox
      await expect.poll(() => stats().frozen === stats().idle).toBe(true)
      sites[site].closeAllConnections()
    }
  })
})
