import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let account: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  account = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const HASH = `createHash('sha256').update('a').digest('hex').slice(0, 8)`

test.each([
  [
    'a module of Node',
    `async function lambda() {\n  const { createHash } = await import('crypto')\n  return ${HASH}\n}`,
    'ca978112',
  ],
  [
    'the same in TypeScript',
    `const lambda = async (): Promise<string> => {\n  const { createHash } = await import('node:crypto')\n  return ${HASH}\n}`,
    'ca978112',
  ],
  [
    'a library as a whole',
    `async function lambda() { return (await import('lodash')).default.chunk([1, 2, 3], 2) }`,
    [[1, 2], [3]],
  ],
  [
    'the toolbelt, by a name that is made at run time',
    `const lambda = async ({ payload }) => typeof (await import(payload)).Toolbelt.HTTPClient()`,
    'function',
  ],
  [
    'the same files as require',
    `async function lambda() {
      require('fs').writeFileSync('/tmp/note', 'kept')
      return (await import('node:fs')).readFileSync('/tmp/note', 'utf8')
    }`,
    'kept',
  ],
])('import() finds what require finds: %s', async (_what, code, result) => {
  const functionId = await account.deployed(code)
  const reply = await account.invoke(functionId, 'lp-faas-toolbelt')
  expect([reply.status, reply.json()]).toEqual([200, result])
})

test('import() of what there is none of fails as require does, at the line of the author', async () => {
  const code = `// First, a line.\nasync function lambda() {\n  return await import('left-pad')\n}`
  const functionId = await account.deployed(code)
  const reply = await account.native('POST', `/functions/${functionId}/test`, { payload: {} })
  expect(reply.json()).toMatchObject({
    errorMessage: expect.stringContaining("Cannot find module 'left-pad'. Available are:"),
    logs: [{ extras: [{ file: 'index.js', line: 3 }] }],
  })
})

test('a JavaScript source with import() stays JavaScript, and evals are found in it', async () => {
  const code = `const lambda = async () =>\n  [await import('os'), eval('1')]`
  const checked = await account.native('POST', '/source-checks', { code })
  expect(checked.json()).toMatchObject({
    problems: [{ rule: 'forbidden-eval', line: 2, column: 24 }],
  })
  const { uuid } = await account.create(code.replace(', eval', ', String'))
  const detail = await account.native('GET', `/functions/${uuid}`)
  expect(detail.json()).toMatchObject({ language: 'javascript' })
})
