import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, PATIENCE_MS, startDoomedNode, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  // A node in a process of its own knows the real time only.
  server = await startTestServer({ wallClock: 'system' })
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

test('a whole project is pushed and deployed at once, as lpf does with --all', async () => {
  const lambdas = lambdasOf(server, await server.anotherAccount())
  const code = `const lambda = () => 1 // ${'a function of some length '.repeat(200)}`
  const pushed = await Promise.all(Array.from({ length: 24 }, () => lambdas.create(code)))
  const deployed = await Promise.all(pushed.map(({ uuid }) => lambdas.deploy(uuid)))
  expect(deployed.filter(({ status }) => status !== 200)).toEqual([])
})

/** Its types are looked at for a while. */
const SLOW_TYPES = `type D = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
type Number = \`\${D}\${D}\${D}\${D}\`
export function lambda(a: Number): \`\${D}\${D}\${D}0\` { return a }`

/** The process that checks sources with this folder for temporary files. */
function compilerIn(folder: string): number | undefined {
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return words.some((word) => word.startsWith(`${folder}/parley-types-`))
      } catch {
        return false
      }
    })
}

test
  .skipIf(process.platform !== 'linux')
  .each(['the server is killed', 'the compiler is killed'] as const)(
  'when %s in the middle of a check, no temporary files stay',
  async (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
    using _folder = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
    await using node = await startDoomedNode(server, { TMPDIR: folder })
    const { accountId, adminBearer } = server
    const sent = fetch(`${node.url()}/api/v1/accounts/${accountId}/source-checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminBearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code: SLOW_TYPES, language: 'typescript' }),
    }).catch(() => undefined)
    const left = () => readdirSync(folder).filter((name) => name.startsWith('parley-types-'))
    await expect.poll(left, { interval: 1, timeout: PATIENCE_MS }).toHaveLength(1)

    if (what === 'the server is killed') await node.kill()
    else process.kill(compilerIn(folder)!, 'SIGKILL')

    await sent
    await expect.poll(left, { timeout: PATIENCE_MS }).toEqual([])
  },
)
