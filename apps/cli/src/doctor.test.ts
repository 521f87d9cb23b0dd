import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { call, lambdasOf, startTestServer, type TestServer } from '../../server/testing/index.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  home = mkdtempSync(join(tmpdir(), 'parley-doctor-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

/** Resolves with what was printed, whatever the exit code is. */
function parley(words: string[], input = ''): Promise<string> {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), INIT_CWD: home }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...words], { env }, (_error, stdout) =>
      resolve(stdout),
    )
    child.stdin?.end(input)
  })
}

test('parley doctor names a bot that calls a function which is not deployed', async () => {
  const { url, accountId, admin } = server
  const login = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  await parley(login, `${admin.password}\n`)
  const lambdas = lambdasOf(server)
  const answers = await lambdas.deployed('const lambda = () => ({ messages: ["yes"] })')
  const hook = await lambdas.deployed('const lambda = ({ payload }) => payload')
  const { connectorId } = await call<{ connectorId: string }>(server, 'POST', 'connectors', {
    name: 'Robo',
    skillIds: ['1001'],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    vendor: { kind: 'function', functionId: answers },
    hooks: { post: hook },
    escalation: {
      skillId: '1002',
      messageToCustomer: '',
      messageToAgent: '',
      transferFailureMessage: '',
    },
  })
  onTestFinished(() => call<void>(server, 'DELETE', `connectors/${connectorId}`))
  const lines = () => parley(['doctor'])
  expect(await lines()).toMatch(/ok +\d functions, \d of them deployed/)

  await call(server, 'PUT', `connectors/${connectorId}/state`, { state: 'online' })
  expect(await lines()).not.toContain('Robo')

  await lambdas.native('DELETE', `/functions/${hook}/deployment`)
  await lambdas.native('DELETE', `/functions/${answers}/deployment`)
  await lambdas.native('DELETE', `/functions/${answers}`)
  const { name } = (await lambdas.native('GET', `/functions/${hook}`)).json<{ name: string }>()
  const wrong = await lines()
  expect(wrong).toContain(
    `WRONG The bot Robo cannot answer: its function ${answers} is deleted\n      → name another one in the settings of the bot\n`,
  )
  expect(wrong).toContain(
    `WRONG The bot Robo cannot answer: its post hook ${name} is not deployed\n      → deploy it, or name another one in the settings of the bot\n`,
  )
})
