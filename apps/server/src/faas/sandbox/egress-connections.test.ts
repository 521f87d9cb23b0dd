import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import { PATIENCE_MS, PATIENT_SERVER } from '#testing'

/** How connections of one instance share its pipe to the proxy, and what each call on them may take. */
const ANSWER_BYTES = 1_000_000
const almostAll = Buffer.alloc(800_000, 'parley ')
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
let connections = 0
let box: TestSandbox

const serve: RequestListener = (request, response) => {
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  if (request.url === '/almost-all') return void response.end(almostAll)
  if (request.url === '/endless') {
    request.resume()
    const more = () => {
      while (response.write(Buffer.alloc(1_000)));
    }
    response.on('drain', more)
    return more()
  }
  const hash = createHash('sha256')
  request.on('data', (chunk: Buffer) => hash.update(chunk))
  request.on('end', () => response.end(hash.digest('hex')))
}
const site = createServer(PATIENT_SERVER, serve).on('connection', () => (connections += 1))

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  box = await openTestSandbox({
    ports: { outgoingPerSecond: (account) => (account === 'slow' ? 1 : 1_000) },
    config: {
      egressPrivate: [`127.0.0.1:${port}`],
      limits: { outgoingBytes: ANSWER_BYTES, outgoingMs: PATIENCE_MS },
    },
  })
})
beforeEach(() => void (connections = 0))
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  site.closeAllConnections()
  site.close()
})

async function run(code: string, accountId = 'acme') {
  const { port } = site.address() as AddressInfo
  const outcome = await box.run(`async function lambda({ payload: url }) { ${code} }`, {
    payload: `http://127.0.0.1:${port}`,
    version: {
      accountId,
      delivers: 'return',
      functionId: code,
      deploymentId: `${accountId} ${code}`,
    },
  })
  if (!outcome.ok) throw new Error(`The function failed: ${JSON.stringify(outcome)}`)
  return outcome.value
}

const CLIENTS = {
  fetch: `const get = async (path) => {
    const answer = await fetch(url + path)
    return Buffer.from(await answer.arrayBuffer())
  }`,
  'node:http': `const http = require('http')
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const get = (path) => new Promise((done, fail) => http.get(url + path, { agent }, (answer) => {
    const chunks = []
    answer.on('data', (chunk) => chunks.push(chunk)).on('error', fail).on('end', () => done(Buffer.concat(chunks)))
  }).on('error', fail))`,
}

test.each(Object.entries(CLIENTS))(
  'each call of %s over one connection may be answered with as much as the first',
  async (_name, client) => {
    const lengths = await run(`${client}
      const lengths = []
      for (let n = 0; n < 4; n += 1) lengths.push((await get('/almost-all')).length)
      return lengths`)
    expect(lengths).toEqual(Array.from({ length: 4 }, () => almostAll.length))
    // `fetch` may open a second one while it still tidies up the first.
    expect(connections).toBeLessThan(4)
  },
)

test.each(Object.entries(CLIENTS))(
  'each call of %s over one connection counts towards the calls of a second',
  async (_name, client) => {
    const refused = await run(
      `${client}
      let refused = 0
      for (let n = 0; n < 20; n += 1) {
        await get('/').catch((error) => {
          if ((error.cause ?? error).statusCode !== 429) throw error
          refused += 1
        })
      }
      return refused`,
      'slow',
    )
    expect(refused).toBeGreaterThan(0)
  },
)

test('an endless answer is cut off at its size, whatever the function sends meanwhile', async () => {
  const bytes = await run(`return new Promise((done) => {
    let bytes = 0
    const request = require('http').request(url + '/endless', { method: 'POST' })
    const timer = setInterval(() => request.write('x'), 1)
    const end = () => { clearInterval(timer); done(bytes) }
    request.on('response', (answer) => answer.on('data', (chunk) => { bytes += chunk.length }).on('close', end).on('error', end))
    request.on('error', end).write('x')
  })`)
  expect(bytes).toBeGreaterThan(ANSWER_BYTES / 2)
  expect(bytes).toBeLessThanOrEqual(ANSWER_BYTES)
})

test('large bodies arrive as they were sent, also while other connections are slow to read', async () => {
  const sent = Buffer.alloc(5_000_000, 'abcdefghijk')
  const [hash, downloads] = (await run(`
    const http = require('http')
    const stalled = http.get(url + '/endless').on('error', () => undefined)
    const post = fetch(url, { method: 'POST', body: Buffer.alloc(5_000_000, 'abcdefghijk') }).then((r) => r.text())
    const slowly = async () => {
      const hash = require('crypto').createHash('sha256')
      for await (const chunk of (await fetch(url + '/almost-all')).body) {
        hash.update(chunk)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return hash.digest('hex')
    }
    const results = [await post, await Promise.all([slowly(), slowly(), slowly()])]
    stalled.destroy()
    return results`)) as [string, string[]]
  expect(hash).toBe(hashOf(sent))
  expect(downloads).toEqual(downloads.map(() => hashOf(almostAll)))
})
