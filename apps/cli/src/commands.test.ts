import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../server/testing/free-port.ts'
import {
  lambdasOf,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'
import { openProgram } from './program.ts'

const home = mkdtempSync(join(tmpdir(), 'parley-home-'))
const { start, parley } = commandLineOf(home)
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock: 'system', hasSampleFunction: true })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

/** Hands a request on to the server, after `before`. */
async function passOn(
  request: IncomingMessage,
  answer: ServerResponse,
  before: (path: string) => Promise<void>,
): Promise<void> {
  const { url: path = '/', method = 'GET', headers } = request
  const sent = await text(request)
  await before(path)
  const reply = await fetch(server.url + path, {
    method,
    headers: {
      ...(headers.authorization && { authorization: headers.authorization }),
      ...(headers['content-type'] && { 'content-type': headers['content-type'] }),
    },
    ...(sent !== '' && { body: sent }),
  })
  answer.writeHead(reply.status, { 'content-type': 'application/json' })
  answer.end(await reply.text())
}

async function loggedIn(): Promise<void> {
  const { url, accountId, admin } = server
  const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  expect(await parley(words, `${admin.password}\n`)).toMatchObject({ code: 0, stderr: '' })
}

test('parley has a version, and help with examples for every command', async () => {
  const { version } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  ) as { version: string }
  expect((await parley(['--version'])).stdout).toBe(`${version}\n`)

  const { stdout } = await parley(['help'])
  expect(stdout).toContain('Examples:')
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map(([, name = '']) => name)
  expect(commands).toEqual(
    expect.arrayContaining([
      'login',
      'functions',
      'deploy',
      'logs',
      'invocations',
      'doctor',
      'trust',
    ]),
  )
  expect((await parley(['help', 'login'])).stdout).toContain('Examples:')
  // The help of the others without a process for each.
  const all = openProgram().commands
  expect(all.map((command) => command.name())).toEqual(expect.arrayContaining(['login', 'with']))
  const helpOf = (command: Command) => {
    let text = ''
    command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp()
    return text
  }
  const isWithout = (command: Command) => !/Examples?:/.test(helpOf(command))
  expect(all.filter(isWithout).map((command) => command.name())).toEqual([])
  const options = all.flatMap((command) => [command, ...command.commands]).map(helpOf)
  expect(options.filter((text) => text.includes('[])'))).toEqual([])
})

test.each([
  [['deploy'], "error: missing required argument 'path'"],
  [['functions', 'mine'], 'error: too many arguments'],
  [['bot', 'check', '--what'], "error: unknown option '--what'"],
])('a mistake in parley %j is told with where its help is', async (words, mistake) => {
  const { code, stderr } = await parley(words)
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(mistake) })
  expect(stderr).toContain('parley help <command> one with examples')
})

test('a wrong password is said, and nothing is kept', async () => {
  const words = ['login', '--url', server.url, '--account', server.accountId, '--user', 'admin']
  const { code, stderr } = await parley(words, 'not the password\n')
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: 'The login name or its credentials are wrong: log in with parley login\n',
  })
})

test('the session of a log-in is kept for this user alone, and the password is not', async () => {
  await loggedIn()
  const file = join(home, 'config', 'parley', 'login.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(server.admin.password)

  const { stdout } = await parley(['functions'])
  expect(stdout).toMatch(/^NAME +STATE +VERSION +LIVE +EVENT +UPDATED/)
  expect(stdout).toMatch(/^greeting /m)
})

test('a file is deployed, deployed again, and its log, its runs and what is wrong with it are shown', async () => {
  await loggedIn()
  const source = (text: string) => `const lambda = async ({ payload }) => {
  console.info('${text}', payload)
  await fetch('https://crm.example.com/').catch(() => undefined)
  payload.customer.name
}`
  writeFileSync(join(home, 'my-hello.js'), source('first'))
  expect(await parley(['deploy', 'my-hello.js'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^my_hello is deployed: version 1, deployment \w+, no event\n$/),
  })
  writeFileSync(join(home, 'my-hello.js'), source('second'))
  expect((await parley(['deploy', 'my-hello.js'])).stdout).toContain('version 2')
  // Its event cannot change: what asks for another one changes nothing.
  const event = (id: string) => parley(['deploy', 'my-hello.js', '--event', id])
  expect(await event('controllerbot_messaging_ttr')).toMatchObject({
    code: 1,
    stderr:
      '"my_hello" is a function of no event, not of controllerbot_messaging_ttr, and the event of a function cannot be changed: delete it first, or give another --name\n',
  })
  expect(await event('nonsense')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no event "nonsense"'),
  })

  const list = JSON.parse((await parley(['functions', '--json'])).stdout) as {
    name: string
    functionId: string
  }[]
  const functionId = list.find(({ name }) => name === 'my_hello')?.functionId ?? ''
  const lambdas = lambdasOf(server)
  const following = start(['logs', 'my_hello', '--follow'])
  onTestFinished(() => void following.child.kill())
  await lambdas.invoke(functionId, { at: 1 })
  await expect.poll(() => following.ran.stdout).toContain('ERROR TypeError')
  await lambdas.invoke(functionId, { at: 2 })
  await expect.poll(() => following.ran.stdout).toContain('{"at":2}')

  const logs = (await parley(['logs', 'my_hello'])).stdout
  expect(logs).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO {2}second\n +\{"at":1\}$/m)
  expect(logs).toMatch(
    /ERROR TypeError: Cannot read .*\n +at index\.js:4:20\n +attempt 1 of invocation/,
  )
  expect((await parley(['logs', 'my_hello', '--level', 'Warn'])).stdout).not.toContain('ERROR')
  expect((await parley(['logs'])).stdout).toContain(' INFO  my_hello: second\n')

  const runs = (await parley(['invocations', 'my_hello', '--outcome', 'CODING_FAILURE'])).stdout
  expect(runs).toMatch(/my_hello +CODING_FAILURE .*\(index\.js:4:20\)/)

  const doctor = await parley(['doctor'])
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toMatch(
    /WRONG my_hello failed 2 times.*\n +→ parley logs my_hello --level Error/,
  )
  expect(doctor.stdout).toMatch(
    /WRONG 2 calls to crm\.example\.com from index\.js:3 were not let out.*\n +→ parley allow crm\.example\.com/,
  )

  expect((await parley(['allow', 'crm.example.com'])).stdout).toBe(
    'Functions may call crm.example.com now\n',
  )
  expect((await parley(['doctor'])).stdout).not.toContain('parley allow')
})

test('a deployment changes what the disk says, and nothing else', async () => {
  await loggedIn()
  const account = lambdasOf(server)
  const { name } = await account.create('const lambda = () => 1', {
    eventId: 'controllerbot_messaging_ttr',
    implementation: { environmentVariables: [{ key: 'A', value: '1' }] },
  })
  const shown = async () => {
    const { functions } = (await account.native('GET', `/functions?name=${name}`)).json<{
      functions: { functionId: string }[]
    }>()
    return (await account.native('GET', `/functions/${functions[0]?.functionId}`)).json<object>()
  }
  writeFileSync(join(home, `${name}.js`), 'const lambda = () => 2')
  expect(await parley(['deploy', `${name}.js`])).toMatchObject({ code: 0 })
  expect(await shown()).toMatchObject({
    code: 'const lambda = () => 2',
    description: 'made by a test',
    environment: [{ key: 'A', value: '1' }],
  })

  const folder = join(home, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.js'), 'const lambda = () => 3')
  const config = {
    description: '[word] - says it',
    environmentVariables: [{ key: '', value: '' }],
    skills: [server.skillIds[0]],
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  expect(await parley(['deploy', name])).toMatchObject({ code: 0 })
  expect(await shown()).toMatchObject({
    code: 'const lambda = () => 3',
    description: '[word] - says it',
    environment: [],
    skills: config.skills,
  })
})

test('what a colleague saves in the moment between is not deployed', async () => {
  await loggedIn()
  const account = lambdasOf(server)
  const { uuid, name } = await account.create('const lambda = () => 1')
  const native = (method: 'GET' | 'PUT', body?: object) =>
    account.native(method, `/functions/${uuid}`, body)
  writeFileSync(join(home, `${name}.js`), 'const lambda = () => 2')
  await using between = await startHttpSite((request, answer) => {
    void passOn(request, answer, async (path) => {
      if (!path.includes('/deployment')) return
      await native('PUT', { code: 'const lambda = () => "half a thought"' })
    })
  })
  const { accountId, admin } = server
  onTestFinished(loggedIn)
  const words = ['login', '--url', between.origin, '--account', accountId, '--user', admin.user]
  expect(await parley(words, `${admin.password}\n`)).toMatchObject({ code: 0 })
  const said = await parley(['deploy', `${name}.js`])
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('version') })
  expect((await native('GET')).json()).not.toHaveProperty('liveVersion')
})

test('a source that cannot be saved is refused with its file and line, and a name that would lose letters', async () => {
  await loggedIn()
  writeFileSync(join(home, 'broken.js'), 'function lambda(input) {\n  return {\n}')
  expect(await parley(['deploy', 'broken.js'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^broken\.js: code: .*\(line 3, column 2\)\n$/),
  })
  writeFileSync(join(home, 'broken.js'), 'function lamda(input) {}')
  expect(await parley(['deploy', 'broken.js'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^broken\.js: code: No entry point: /),
  })
  // "gräße" would be the same function.
  writeFileSync(join(home, 'größe.js'), 'const lambda = () => 1')
  expect(await parley(['deploy', 'größe.js'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^"größe" cannot be the name of a function, .* --name /),
  })
})

test('a function that does not exist is refused with those that do', async () => {
  await loggedIn()
  expect(await parley(['logs', 'nothing'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/There is no function "nothing".*greeting/),
  })
})

test('what a server refuses is said in its words, and where nobody answers, by name', async () => {
  await loggedIn()
  expect(await parley(['replay', 'nothing'])).toMatchObject({
    code: 1,
    stderr: 'No invocation "nothing"\n',
  })
  const words = ['login', '--user', 'admin', '--url']
  const nobody = `127.0.0.1:${await freePort()}`
  expect(await parley([...words, `http://${nobody}`], 'secret\n')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Nobody answers at ${nobody}: start Parley first`),
  })
  expect(await parley([...words, server.url.replace('http', 'https')], 'secret\n')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Cannot reach the server: '),
  })
  const tls = `https://127.0.0.1:${server.context.ports.tls}`
  const untrusting = { NODE_EXTRA_CA_CERTS: '' }
  expect(await parley([...words, tls], 'secret\n', untrusting)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The certificate of the server is not trusted .*parley trust/),
  })
  expect(await parley(['doctor', '--url', tls], '', untrusting)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /WRONG The certificate of .* is not trusted.*\n +→ .*parley trust/,
    ),
  })
})

test('a command ends without a word when nobody reads it any more', async () => {
  const { child, ended } = start(['test', '--schema'])
  child.stdout.destroy()
  expect(await ended).toMatchObject({ code: 141, stderr: '' })
})

test('parley doctor says what to do when no server answers', async () => {
  expect(await parley(['doctor', '--url', 'http://127.0.0.1:1'])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/WRONG No server answers at .*\n +→ start it with npm start/),
  })
})

test('an answer that this version does not know is said to be one of another server', async () => {
  const own = { bearer: 'b', config: { userId: '1' }, functions: [{ name: 7 }] }
  await using site = await startHttpSite((_request, answer) => answer.end(JSON.stringify(own)))
  const [user, password] = ['somebody', 'secret']
  const ADMIN = { PARLEY_ADMIN_USER: user, PARLEY_ADMIN_PASSWORD: password }
  const env = { ...ADMIN, PARLEY_AGENT_USER: user, PARLEY_AGENT_PASSWORD: password }
  expect(await parley(['functions', '--url', site.origin], '', env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The answer is none .*functions\.0\..*another version\n$/),
  })
})
