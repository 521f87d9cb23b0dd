import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
/** What has reached the platform. */
const asked: { kind: string; signal: AbortSignal }[] = []
let updated = 0
const later = Promise.withResolvers<void>()
const refused: { host: string; reason: string }[] = []

const failure = (code: string) =>
  Object.assign(new Error(`${code}: /srv/parley/secret.ts, 10.1.2.3:5432`), { code })

beforeAll(async () => {
  box = await openTestSandbox({
    ports: {
      readSecret: async (_account, _function, key) => ({ key, value: `of ${key}` }),
      updateSecret: async (_account, _function, key, value) => {
        updated += 1
        return { key, value }
      },
      platformCall: (_account, _function, kind, args, signal) => {
        asked.push({ kind, signal })
        if (kind === 'csds.domain') return Promise.resolve({ host: 'parley.internal' })
        const { path } = args as { path: string }
        if (path.startsWith('/fails/')) return Promise.reject(failure(path.slice(7)))
        const answer = { statusCode: 200, headers: {}, body: '' }
        if (path === '/never') return new Promise(() => undefined)
        return path === '/later' ? later.promise.then(() => answer) : Promise.resolve(answer)
      },
      refused: ({ host, reason }) => void refused.push({ host, reason }),
    },
  })
})
beforeEach(() => {
  asked.length = 0
  updated = 0
  refused.length = 0
})
afterAll(() => box[Symbol.asyncDispose]())

const PRELUDE = `const { Toolbelt } = require('lp-faas-toolbelt')
const http = Toolbelt.HTTPClient()
const get = (path) => http('https://parley.internal' + path, { simple: false, resolveWithFullResponse: true })
  .then((answer) => answer.statusCode, (error) => error.message)
/** Writes a frame of its own into the pipe. */
function write(kind, call, key, body = '') {
  const frame = Buffer.alloc(21 + body.length)
  frame.writeUInt32LE(17 + body.length, 0)
  frame[4] = kind
  frame.writeUInt32LE(call, 5)
  frame.set(key, 9)
  frame.write(body, 21)
  process.getBuiltinModule('fs').writeSync(1, frame)
}
const NO_KEY = Buffer.alloc(12)
const LOOK_UP = '\\x01\\0\\0\\0{"kind":"csds.domain","args":{"service":"x"}}'
const roundTrip = () => Toolbelt.SecretClient().readSecret('any')
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`
const returns = { delivers: 'return' } as const
const run = (statements: string, options: Parameters<TestSandbox['run']>[1] = {}) =>
  box.run(`${PRELUDE}async function lambda(i) { ${statements} }`, { version: returns, ...options })

test.each([
  ['a question of a running call', 'write(21, 1, NO_KEY, LOOK_UP)'],
  ['a question of the instance', 'write(21, 0, NO_KEY, LOOK_UP)'],
  ['a question of a call to come', 'write(21, 9, NO_KEY, LOOK_UP)'],
  ['a question with a guessed key', 'write(21, 1, Buffer.alloc(12, 7), LOOK_UP)'],
  ['an answer to a ping that was not asked for', 'write(22, 0, NO_KEY)'],
  ['a second start', 'write(16, 0, NO_KEY)'],
])('%s, written without its key, ends the instance', async (_what, statement) => {
  const outcome = await run(`${statement}; await wait(20_000)`)

  expect(outcome).toMatchObject({ ok: false, failure: 'runtime-exception' })
  expect(!outcome.ok && outcome.message).toContain('a frame that is no answer of ours')
  expect(asked).toEqual([])
})

test.each([
  ['ECONNRESET', 'ECONNRESET'],
  ['ERR_MODULE_NOT_FOUND', undefined],
  ['57P01', undefined],
])(
  'of a failure of the platform (%s) a function hears no path and no address',
  async (code, told) => {
    const { value } =
      await run(`const told = await http('https://parley.internal/fails/${code}').catch((error) => error)
    return { ...told, cause: undefined, message: told.message, code: told.code ?? told.cause?.code, all: require('util').inspect(told) }`)
    expect(value).toMatchObject({
      message: expect.stringContaining('The platform could not answer'),
    })
    expect(JSON.stringify(value)).not.toMatch(/srv|10\.1\.2\.3/)
    expect((value as { code?: string }).code).toBe(told)
  },
)

test('a loop cannot answer the pings that find it', async () => {
  const loop =
    'for (;;) { write(22, 0, NO_KEY); const until = Date.now() + 10; while (Date.now() < until); }'
  expect(await run(loop)).toMatchObject({ ok: false, failure: 'runtime-exception' })
})

test('code of the module and work after the answer ask in the name of the instance', async () => {
  const code = `const { Toolbelt } = require('lp-faas-toolbelt')
const { readSecret } = Toolbelt.SecretClient()
const early = readSecret('early')
let late
function lambda(i, cb) {
  if (i.payload) return late.then((entry) => cb(null, entry.value), cb)
  early.then(({ value }) => {
    cb(null, value)
    setTimeout(() => { late = readSecret('late') }, 1)
  })
}`
  expect(await box.run(code)).toMatchObject({ ok: true, value: 'of early' })
  await expect.poll(() => box.run(code, { payload: 1 })).toMatchObject({ value: 'of late' })
})

test.each([
  ['has answered', 'get("/never"); await roundTrip(); return 1', {}],
  ['is over its time', 'await get("/never")', { timeLimitMs: 2_000 }],
  ['lost its instance', 'get("/never"); await roundTrip(); process.exit(3)', {}],
])('what a call has asked is cancelled when it %s', async (_when, statements, call) => {
  await run(statements, { call })

  await expect.poll(() => asked).toMatchObject([{ signal: { aborted: true } }])
})

test('what another call of the instance has asked goes on', async () => {
  const code = `${PRELUDE}async function lambda(i) { return i.payload ? 1 : get('/later') }`
  const waiting = box.run(code, { version: returns })
  await expect.poll(() => asked).toHaveLength(1)
  await box.run(code, { version: returns, payload: 1 })

  expect(asked).toMatchObject([{ signal: { aborted: false } }])
  later.resolve()
  expect(await waiting).toMatchObject({ value: 200 })
})

test('requests to the platform count as outgoing calls, those by the proxy with them', async () => {
  const statements = `
    const other = await Promise.all(Array.from({ length: 5 }, () => fetch('https://elsewhere.example').catch((e) => e.cause.statusCode)))
    const own = await Promise.all(Array.from({ length: 25 }, () => get('/')))
    return { other, answered: own.filter((s) => s === 200).length, refused: own.filter((s) => s === 429).length }`
  const outcome = await run(statements, { version: { ...returns, functionId: 'counted' } })

  expect(outcome).toMatchObject({ ok: true })
  const { other, answered, refused: over } = outcome.value as Record<string, number>
  expect(other).toEqual([403, 403, 403, 403, 403])
  expect(answered).toBe(asked.length)
  // A slow machine takes longer than the second in which 20 are allowed.
  expect(answered).toBeLessThan(25)
  expect(over).toBe(25 - (answered ?? 0))
  expect(refused).toContainEqual({ host: 'parley.internal', reason: 'Too Many Requests' })
})

test('many large questions wait inside, and all are answered', async () => {
  const outcome = await run(`
    const { readSecret } = Toolbelt.SecretClient()
    const post = () => http('https://parley.internal/x', { method: 'POST', body: 'x'.repeat(300_000), simple: false })
    const answers = await Promise.all(Array.from({ length: 18 }, post))
    return answers.length`)
  expect(outcome).toMatchObject({ ok: true, value: 18 })
})

test('large questions of ended calls do not wait before those of others', async () => {
  const version = { ...returns, accountId: 'flooded' }
  const flood = `const { readSecret } = Toolbelt.SecretClient()
    for (let n = 0; n < 3; n++) readSecret('x'.repeat(900_000)).catch(() => undefined)
    await wait(1)`
  for (let n = 0; n < 60; n++) expect(await run(flood, { version })).toMatchObject({ ok: true })

  // To read all of them would take more than half a minute.
  const call = { timeLimitMs: 10_000 }
  expect(await run('return roundTrip()', { version, call })).toMatchObject({
    ok: true,
    value: { value: 'of any' },
  })
})

test('what waits inside is cancelled with its call', async () => {
  const statements = `if (i.payload) return roundTrip()
    const { updateSecret } = Toolbelt.SecretClient()
    const value = 'x'.repeat(900_000)
    for (let n = 0; n < 8; n++) updateSecret({ key: 'large', value }).catch(() => undefined)`
  expect(await run(statements)).toMatchObject({ ok: true })
  expect(await run(statements, { payload: 1 })).toMatchObject({ value: { value: 'of any' } })

  expect(updated).toBeLessThanOrEqual(3)
})
