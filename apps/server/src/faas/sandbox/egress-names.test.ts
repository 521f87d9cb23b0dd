import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HttpSite, type NameServer, startHttpSite, startNameServer } from '#testing'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

/** Names that functions call, as they are looked up by a name server on loopback. */
let site: HttpSite
let names: NameServer
let box: TestSandbox

beforeAll(async () => {
  site = await startHttpSite((_request, response) => response.end('served'))
  names = await startNameServer((name) => {
    if (name.endsWith('.silent.test')) return 'silent'
    if (name === 'site.test') return ['127.0.0.1']
    return name === 'mixed.test' ? ['192.0.2.1', '10.0.0.1'] : ['::1']
  })
  box = await openTestSandbox({
    config: {
      egressPrivate: [`site.test:${site.port}`],
      nameServers: [names.address],
    },
    ports: { allowed: () => true, outgoingPerSecond: () => 1_000 },
  })
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
  await names[Symbol.asyncDispose]()
})

const call = (accountId: string, code: string, payload: unknown) =>
  box.run(`async function lambda({ payload }) { ${code} }`, {
    payload,
    version: { accountId, delivers: 'return', functionId: accountId, deploymentId: code },
  })
const GET = `return (await fetch(payload, { headers: { connection: 'close' } })).text()`

test('a name that the operator has named leads where the name server says', async () => {
  const url = `http://site.test:${site.port}/`
  expect(await call('acme', GET, url)).toMatchObject({ ok: true, value: 'served' })
})

test.each(['mixed.test', 'six.test'])(
  '%s, which leads to this network, is refused',
  async (name) => {
    const code = `return fetch(payload).then(() => 'reached', (error) => error.cause.message)`
    expect((await call('acme', code, `http://${name}/`)).value).toBe(
      `${name} is a private or local target`,
    )
  },
)

test('an account whose names get no answer keeps nobody else waiting, and waits for so many only', async () => {
  const code = `const one = (_, n) => fetch('http://n' + n + '.silent.test/').then(() => 'reached', (error) => error.cause.message)
    return Promise.all(Array.from({ length: 60 }, one))`
  let isOver = false
  const hostile = call('hostile', code, null).finally(() => (isOver = true))
  const url = `http://site.test:${site.port}/`
  let served = 0
  while (!isOver) {
    expect(await call('acme', GET, url)).toMatchObject({ ok: true, value: 'served' })
    served += 1
  }
  expect(served).toBeGreaterThan(1)
  const reasons = (await hostile).value as string[]
  const silent = reasons.filter((reason) =>
    /^n\d+\.silent\.test could not be resolved$/.test(reason),
  )
  const refused = reasons.filter((reason) => reason === 'Too many names are being looked up')
  expect(silent.length + refused.length).toBe(60)
  expect(refused.length).toBeGreaterThan(0)
})
