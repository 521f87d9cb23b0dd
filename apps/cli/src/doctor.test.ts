import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login } from '@parley/client'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  call,
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'
import { announceWorld } from './local-world/running-world.ts'

const home = mkdtempSync(join(tmpdir(), 'parley-doctor-'))
const commandLine = commandLineOf(home)
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

/** Resolves with what was printed, whatever the exit code is. */
async function parley(words: string[], input = ''): Promise<string> {
  return (await commandLine.parley(words, input)).stdout
}

async function logIn({ user, password } = server.admin): Promise<void> {
  const { url, accountId } = server
  const words = ['login', '--url', url, '--account', accountId, '--user', user]
  await parley(words, `${password}\n`)
}

test('parley doctor names a bot that calls a function which is not deployed', async () => {
  await logIn()
  const lambdas = lambdasOf(server)
  const answers = await lambdas.deployed('const lambda = () => ({ messages: ["yes"] })')
  const hook = await lambdas.deployed('const lambda = ({ payload }) => payload')
  const onError = await lambdas.deployed('const lambda = () => undefined')
  const { connectorId } = await call<{ connectorId: string }>(server, 'POST', 'connectors', {
    name: 'Robo',
    skillIds: ['1001'],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    vendor: { kind: 'function', functionId: answers },
    hooks: { post: hook, error: onError },
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
  await lambdas.native('DELETE', `/functions/${onError}/deployment`)
  await lambdas.native('DELETE', `/functions/${onError}`)
  const { name } = (await lambdas.native('GET', `/functions/${hook}`)).json<{ name: string }>()
  const wrong = await lines()
  expect(wrong).toContain(
    `WRONG The bot Robo cannot answer: its function ${answers} is deleted\n      → name another one in the settings of the bot\n`,
  )
  expect(wrong).toContain(
    `WRONG The bot Robo cannot answer: its post hook ${name} is not deployed\n      → deploy it, or name another one in the settings of the bot\n`,
  )
  expect(wrong).toContain(
    `WRONG The bot Robo tells nobody of its failures: its error hook ${onError} is deleted\n      → name another one in the settings of the bot\n`,
  )
})

test('parley doctor names a bot of Conversation Builder that calls a function which is deleted', async () => {
  await logIn()
  const lambdas = lambdasOf(server)
  const called = await lambdas.deployed('const lambda = () => ({ state: "sent" })')
  const of = (name: string) => ({ name, integrationType: 'FAAS', lambdaUuid: called })
  const calls = (name: string, status: string) => ({
    id: name,
    name,
    group: 'd',
    status,
    interactionType: 'API_INTEGRATION',
    content: { responderName: name },
  })
  const { botId } = await call<{ botId: string }>(server, 'POST', 'bots', {
    bot: { id: 'orders', name: 'Builder', version: '2' },
    groups: [{ id: 'd', name: 'Dialog', dialogType: 'DIALOG' }],
    conversationMessage: [
      calls('Orders', 'ACTIVE'),
      calls('Canned', 'ACTIVE'),
      calls('Off', 'INACTIVE'),
    ],
    responder: ['Orders', 'Canned', 'Off'].map((name) => ({ id: name, ...of(name) })),
  })
  onTestFinished(() => call<void>(server, 'DELETE', `bots/${botId}`))
  const answers = { Canned: { body: {} } }
  await call(server, 'PATCH', `bots/${botId}`, { skillIds: ['1001'], answers })
  await call(server, 'PUT', `bots/${botId}/state`, { state: 'online' })
  const lines = () => parley(['doctor'])
  expect(await lines()).not.toContain('Builder')

  await lambdas.native('DELETE', `/functions/${called}/deployment`)
  await lambdas.native('DELETE', `/functions/${called}`)
  const wrong = await lines()
  expect(wrong).toContain(
    `WRONG The bot Builder cannot call Orders: its function ${called} is deleted\n      → import its export with the id of another one\n`,
  )
  expect(wrong).not.toMatch(/Canned|Off/)

  await call(server, 'PUT', `bots/${botId}/state`, { state: 'offline' })
  expect(await lines()).not.toContain('Builder')
})

test('parley doctor examines the parley dev that runs for the project, as the other commands talk to it', async () => {
  const { url, accountId, admin, agents, skillIds } = server
  const data = join(home, 'project', '.parley')
  mkdirSync(data, { recursive: true })
  using _ = announceWorld(data, { url, accountId })
  writeFileSync(
    join(data, 'first-run.json'),
    JSON.stringify({ accountId, admin, agents, skillIds }),
  )
  const env = { INIT_CWD: join(home, 'project'), XDG_CONFIG_HOME: join(home, 'nobody') }
  const { stdout } = await commandLine.parley(['doctor'], '', env)
  expect(stdout).toContain(`ok    The server at ${url} can serve\n`)
  expect(stdout).toMatch(/ok +\d functions?, \d of them deployed/)
})

test('parley doctor names a certificate authority that cannot be used, and goes on', async () => {
  await logIn()
  const data = mkdtempSync(join(home, 'data-'))
  mkdirSync(join(data, 'tls'))
  writeFileSync(join(data, 'tls', 'machine-ca.pem'), 'broken')

  const { stdout, code } = await commandLine.parley(['doctor'], '', { PARLEY_DATA: data })

  expect(stdout).toMatch(/WRONG Cannot use \S+machine-ca\.pem/)
  expect(stdout).toContain(`The server at ${server.url} can serve`)
  expect(code).toBe(1)
})

test('parley doctor tells a server that cannot serve from one that does not answer', async () => {
  await using site = await startHttpSite((_request, answer) => {
    answer.writeHead(503, { 'content-type': 'application/json' })
    answer.end('{"error":{"code":"unavailable","message":"The database does not answer"}}')
  })
  expect(await parley(['doctor', '--url', site.origin])).toContain(
    `WRONG The server at ${site.origin} cannot serve: The database does not answer\n      → the server's log says why\n`,
  )
})

test('parley doctor names each function that failed with how often, however often another one did', async () => {
  const account = await server.anotherAccount()
  const lambdas = lambdasOf(server, account)
  const fails = 'const lambda = ({ payload }) => { throw new Error("no " + payload.n) }'
  const seldom = await lambdas.deployed(fails, { name: 'seldom' })
  const often = await lambdas.deployed(fails, { name: 'often' })
  await lambdas.invoke(seldom, { n: 1 })
  for (let n = 1; n <= 30; n += 1) {
    await Promise.all(Array.from({ length: 17 }, () => lambdas.invoke(often, { n })))
  }
  const { accountId, admin } = account
  const words = ['login', '--url', server.url, '--account', accountId, '--user', admin.user]
  await parley(words, `${admin.password}\n`)

  const lines = await parley(['doctor'])
  expect(lines).toContain('WRONG often failed 510 times in the last 24 hours, last: no 30\n')
  expect(lines).toContain('WRONG seldom failed 1 time in the last 24 hours, last: no 1\n')
})

test('parley doctor goes on where a user may not look, and says when the session has ended', async () => {
  const [agent] = server.agents
  await logIn(agent)
  const lines = await parley(['doctor'])
  expect(lines).toContain(`ok    The server at ${server.url} can serve\n`)
  expect(lines).toMatch(/ok +\d functions?, \d of them deployed/)
  expect(lines).toMatch(
    /WRONG Not looked at: failed runs: The caller lacks .*\n +→ log in as a user/,
  )
  expect(lines).toContain('WRONG Not looked at: secrets: ')

  const { userId } = await login(server, agent!)
  await call<void>(server, 'DELETE', `users/${userId}/sessions`)
  expect(await parley(['doctor'])).toMatch(/WRONG No log-in: The token .*\n +→ parley login\n/)
})
