import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

const PRELUDE = `
const trap = () => { throw unreadable }
const unreadable = new Proxy(new Error('p'), { get: trap, has: trap, getPrototypeOf: trap })
const revoked = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy }
/** JSON can be made of it once. */
const once = () => { let n = 0; return { toJSON() { if (n++ > 0) trap(); return 'read' } } }
`

test.each([
  ['an object whose message throws', `throw { get message() { throw new Error('inner') } }`],
  [
    'an error whose stack throws',
    `throw Object.defineProperty(Error('x'), 'stack', { get: trap })`,
  ],
  ['an error whose message is a symbol', `throw Object.assign(Error(), { message: Symbol('x') })`],
  ['a proxy that throws', 'throw unreadable'],
  ['a revoked proxy', 'cb(revoked())'],
  ['what can be read once', 'cb(once())'],
  ['an error, where stacks throw', `Error.prepareStackTrace = trap; throw new Error('x')`],
  ['no error, where stacks throw', `Error.prepareStackTrace = trap; throw 'x'`],
  ['an error, where objects are no JSON', `Object.prototype.toJSON = trap; throw new Error('x')`],
  ['no error, where objects are no JSON', `Object.prototype.toJSON = trap; throw 'x'`],
  ['a rejection', 'return Promise.reject(unreadable)'],
  ['a rejection that nothing handles', 'Promise.reject(unreadable)'],
  ['an error in a timer', 'setTimeout(trap, 1)'],
  ['a result whose toJSON throws', 'cb(null, { toJSON: trap })'],
])('a failure that cannot be read harms no other call: %s', async (_what, statement) => {
  const code = `${PRELUDE}function lambda(i, cb) {
    if (i.payload) { ${statement}; return }
    setTimeout(() => cb(null, 'fine'), 300)
  }`
  const [other, failed] = await Promise.all([box.run(code), box.run(code, { payload: 1 })])
  expect(failed).toMatchObject({ ok: false, message: expect.not.stringMatching(/died|too long/) })
  expect(other).toMatchObject({ ok: true, value: 'fine' })
})

test('a result that cannot be read fails its call', async () => {
  const code = `${PRELUDE}async function lambda() { return { toJSON: trap } }`
  expect(await box.run(code, { version: { delivers: 'return' } })).toMatchObject({
    failure: 'runtime-exception',
    message: 'The result is no JSON',
  })
})

test('entries of what cannot be read are written, and their call goes on', async () => {
  const code = `${PRELUDE}console.info('early', once())
  function lambda(i, cb) {
    for (const value of [revoked(), unreadable, once()]) console.info('late', value)
    console.info(Object.defineProperty(Error('x'), 'name', { get: trap }))
    cb(null, 'fine')
  }`
  const outcome = await box.run(code)
  expect(outcome).toMatchObject({ ok: true, value: 'fine' })
  expect(outcome.logs.map(({ message, extras }) => [message, ...extras])).toEqual([
    ['early', 'read'],
    ['late', expect.stringMatching(/^\[.+\]$/)],
    ['late', '[unreadable]'],
    ['late', 'read'],
    ['[unreadable]'],
  ])
})

test('a request that is given up for a reason that cannot be read fails alone', async () => {
  const code = `${PRELUDE}async function lambda() {
    const given = new AbortController()
    const asked = fetch('https://elsewhere.example', { signal: given.signal }).catch(() => 'caught')
    given.abort(unreadable)
    return asked
  }`
  expect(await box.run(code, { version: { delivers: 'return' } })).toMatchObject({
    value: 'caught',
  })
})
