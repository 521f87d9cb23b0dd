import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Checked {
  valid: boolean
  problems: { rule: string; message: string }[]
}

async function check(
  { accountId, adminBearer }: { accountId: string; adminBearer: string },
  code: string,
  language?: 'typescript',
) {
  const path = `/api/v1/accounts/${accountId}/source-checks`
  const reply = await server.request('POST', path, {
    bearer: adminBearer,
    body: { code, language },
  })
  return reply.json<Checked>()
}

test('arrow functions in arrow functions, 3,000 times, are refused at once', async () => {
  const source = `const lambda = ${'a=>'.repeat(3000)}1`
  expect(await check(server, source)).toMatchObject({
    valid: false,
    problems: [{ message: 'The source is nested too deeply to be checked' }],
  })
})

test('a source that the compiler works on for ever is refused, and others are compiled meanwhile', async () => {
  const other = await server.anotherAccount()
  let isRefused = false
  const refused = check(server, `const lambda = ${'a=>'.repeat(3000)}1`, 'typescript').finally(
    () => (isRefused = true),
  )

  const typescript = await check(other, 'export const lambda = (a: number) => a', 'typescript')
  expect(typescript).toMatchObject({ valid: true })
  expect(isRefused).toBe(false)

  expect(await refused).toMatchObject({
    valid: false,
    problems: [{ rule: 'syntax', message: expect.stringMatching(/10 seconds to compile/) }],
  })
})
