import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { call, login } from '@parley/client'
import {
  createFunction,
  createSkill,
  deployFunction,
  listFunctions,
  listSkills,
} from '@parley/contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { MADE_BY_DEMO } from './demo/leftovers.ts'
import { announceWorld } from './local-world/running-world.ts'
import { startTestServer, type TestServer } from '../../server/testing/index.ts'

const run = promisify(execFile)
const parley = join(import.meta.dirname, '..', 'bin', 'parley.js')
const welcome = readFileSync(join(import.meta.dirname, 'demo', 'welcome.js'), 'utf8')

let folder: string
let server: TestServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-demo-'))
  server = await startTestServer({ clock: 'system' })
})
// No demo leaves anything behind.
afterEach(async () => {
  const session = await login(server, server.admin)
  const { functions } = await call(session, listFunctions)
  const { skills } = await call(session, listSkills)
  const left = [...functions, ...skills].filter(
    ({ name, description }) => name !== 'greeting' && description !== '',
  )
  if (left.length > 0) throw new Error(`Left behind: ${left.map(({ name }) => name).join(', ')}`)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function runDemo(options: string[] = [], more: Record<string, string> = {}) {
  const { admin, agents } = server
  const env = {
    ...process.env,
    PARLEY_ACCOUNT: server.accountId,
    PARLEY_ADMIN_USER: admin.user,
    PARLEY_ADMIN_PASSWORD: admin.password,
    PARLEY_AGENT_USER: agents[0]?.user,
    PARLEY_AGENT_PASSWORD: agents[0]?.password,
    INIT_CWD: folder,
    ...more,
  }
  const words = ['demo', '--url', server.url, ...options]
  const { stdout } = await run(process.execPath, [parley, ...words], { env })
  return stdout
}

function givenCode(code: string): string {
  const file = join(folder, 'function.js')
  writeFileSync(file, code)
  return file
}

test('the demo shows what the consumer saw, and event, payload, answer, commands and timings behind it, and a day of six events', async () => {
  const output = await runDemo(['--say', 'Is this real?'])

  for (const seen of [
    'Is this real?',
    'A function greets you',
    'controllerbot_messaging_new_conversation',
    'CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME',
    'firstConversation',
    'type: "systemMessage"',
    '✓ systemMessage applied',
    'the function ran',
    'Hello, how can I help?',
    'We are closed now',
    'Understood: we hurry.',
    'An agent is with you now.',
    'Your agent needs a moment',
    'A colleague with the right',
    'Thank you, and goodbye.',
  ]) {
    expect(output).toContain(seen)
  }
})

test('a changed text of the function is what the consumer gets: nothing is staged', async () => {
  const changed = `Changed ${crypto.randomUUID().slice(0, 8)}`

  const output = await runDemo([
    '--code',
    givenCode(welcome.replace('A function greets you', changed)),
  ])

  expect(output).toContain(changed)
  expect(output).not.toContain('A function greets you')
})

test('the demo takes the skills of the settings as the server does, with spaces and a comma at the end', async () => {
  const output = await runDemo(['--code', givenCode(welcome)], { PARLEY_SKILLS: '1001, 1002 ,' })

  expect(output).toContain('A function greets you')
})

test('with --code the demo shows the log and the commands of that function, and nothing else', async () => {
  const code = `interface Input { payload: { general: { convId: string } } }

export async function lambda({ payload }: Input) {
  console.info('Greeting a conversation', payload.general.convId.length)
  await fetch('https://crm.example.com/').catch(() => undefined)
  return [{ type: 'systemMessage', text: 'From my own file' }, { type: 'transfer' }]
}`
  writeFileSync(join(folder, 'mine.ts'), code)

  const output = await runDemo(['--code', 'mine.ts'])

  for (const seen of [
    'INFO  Greeting a conversation',
    'GET crm.example.com at mine.ts:5:9 was not let out',
    'parley allow crm.example.com',
    'From my own file',
    '✓ systemMessage applied',
    '✗ transfer ignored',
  ]) {
    expect(output.replaceAll(/\s*\n[^│]*│\s*/g, ' ')).toContain(seen)
  }
  expect(output).toContain('mine.ts answers a conversation')
  expect(output).not.toContain('A day in the life')
  expect(output).not.toContain('PAYLOAD')
})

test('with --code the demo leads from an error to its line', async () => {
  const output = await runDemo([
    '--code',
    givenCode(`function lambda(input, callback) {\n  input.payload.nothing.here\n}`),
  ])

  expect(output).toContain('ERROR TypeError: Cannot read properties of undefined')
  expect(output).toContain('at function.js:2:25')
  expect(output).toContain('attempt 1 of invocation')
})

test('code that is not there is named with the folder in which it was looked for', async () => {
  await expect(runDemo(['--code', 'missing.js'])).rejects.toMatchObject({
    code: 1,
    stderr: `There is no "missing.js" in ${folder}\n`,
  })
})

test('what a killed demo has left is removed by the next one', async () => {
  const session = await login(server, server.admin)
  const { functionId } = await call(session, createFunction, {
    body: {
      name: 'parley_demo_killed',
      description: MADE_BY_DEMO,
      eventId: 'controllerbot_messaging_new_conversation',
      skills: [server.skillIds.at(-1) ?? ''],
      code: welcome,
    },
  })
  await call(session, deployFunction, { params: { functionId } })
  const body = { name: 'Parley demo killed', description: MADE_BY_DEMO }
  const { skillId } = await call(session, createSkill, { body })

  await runDemo(['--code', givenCode(welcome)])

  const { skills } = await call(session, listSkills)
  expect(skills.map((skill) => skill.skillId)).not.toContain(skillId)
})

test('a function that cannot be saved is answered with the reason, and leaves nothing behind', async () => {
  const running = runDemo(['--code', givenCode('function lambda(input, callback) {')])

  await expect(running).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^code: .*line 1/),
  })
})

test('the demo plays as who has logged in, where the password of the first start is another one', async () => {
  const env = { PARLEY_ADMIN_PASSWORD: 'no longer', XDG_CONFIG_HOME: join(folder, 'config') }
  await expect(runDemo([], env)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('log in with parley login'),
  })
  const { url, accountId, admin } = server
  const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  const logsIn = run(process.execPath, [parley, ...words], { env: { ...process.env, ...env } })
  logsIn.child.stdin?.end(`${admin.password}\n`)
  await logsIn
  const code = `function lambda(input, callback) {
    callback(null, { type: 'systemMessage', text: 'seen' })
  }`
  expect(await runDemo(['--code', givenCode(code)], env)).toContain('seen')
})

test('functions of the demo find where the conversation comes from', async () => {
  const code = `function lambda(input, callback) {
    console.info('context', input.payload.general)
    callback(null, { type: 'systemMessage', text: 'seen' })
  }`
  const output = await runDemo(['--code', givenCode(code)])

  for (const seen of ['visitorId', 'sessionId', '2327699812', 'SharkContext', 'parley-demo']) {
    expect(output).toContain(seen)
  }
})

test('in the project of a parley dev the demo plays there, as all commands do', async () => {
  const project = mkdtempSync(join(folder, 'project-'))
  const data = join(project, '.parley')
  mkdirSync(data)
  const { accountId, admin, agents } = server
  writeFileSync(
    join(data, 'first-run.json'),
    JSON.stringify({ accountId, admin, agents, skillIds: ['1001'] }),
  )
  using _ = announceWorld(data, server)
  const file = givenCode(
    `const lambda = () => [{ type: 'systemMessage', text: 'Hello from this project' }]`,
  )
  const { stdout } = await run(process.execPath, [parley, 'demo', '--code', file], {
    env: { ...process.env, INIT_CWD: project, PARLEY_PORT: '9' },
  })

  expect(stdout).toContain(`answers a conversation at ${server.url}`)
  expect(stdout).toContain('Hello from this project')
})
