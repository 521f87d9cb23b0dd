import { spawn } from 'node:child_process'
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { call, login } from '@parley/client'
import { endUserSessions } from '@parley/contract'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import {
  openConsumerSocket,
  startTestServer,
  openAgentSocket,
  type TestServer,
} from '../../../server/testing/index.ts'
import { readFirstRun } from '../connection.ts'
import { givenProject } from '../local-world/project.fixture.ts'
import { readScenarioFile } from './read-file.ts'
import { runAll } from './run-all.ts'
import { scenarioOfFile } from './scenario.ts'
import { openWorld } from './world.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/testing.md'), 'utf8')
const BIN = join(import.meta.dirname, '../../bin/parley.js')

function parleyTest(
  cwd: string,
  words: string[],
  server?: TestServer,
  more: Record<string, string> = {},
) {
  const env = {
    ...process.env,
    ...more,
    INIT_CWD: cwd,
    XDG_CONFIG_HOME: join(cwd, 'config'),
    PARLEY_ACCOUNT: server?.accountId,
    PARLEY_ADMIN_USER: server?.admin.user,
    PARLEY_ADMIN_PASSWORD: server?.admin.password,
    PARLEY_AGENT_USER: server?.agents[0]?.user,
    PARLEY_AGENT_PASSWORD: server?.agents[0]?.password,
  }
  const child = spawn(process.execPath, [BIN, 'test', ...words], { cwd, env })
  const ran = { said: '', wrong: '' }
  child.stdout.on('data', (data: Buffer) => (ran.said += data.toString()))
  child.stderr.on('data', (data: Buffer) => (ran.wrong += data.toString()))
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ran, code }
}

const welcomes = (word: string) => ({
  code: `const lambda = (input, callback) => callback(null, { type: 'systemMessage', text: '${word}' })`,
  config: { event: 'controllerbot_messaging_new_conversation' },
})

const WELCOME = `name: Consumers are welcomed
steps:
  - consumer opens
  - expect command: { type: systemMessage, function: greet }
  - expect message: Welcome
`

test('scenarios and programs of a project run in a world of its own, again when a function is saved', async () => {
  const project = givenProject({ greet: welcomes('Good bye') })
  writeFileSync(join(project, 'welcome.scenario.yaml'), WELCOME)
  writeFileSync(
    join(project, 'own.scenario.ts'),
    `import { scenario } from 'parley/test'
export default scenario('An idle queue says so', async ({ consumer, wait, expect }: any) => {
  await consumer.opens(null)
  await wait('30m')
  await expect.message({ contains: 'patience' })
  await expect['no message']('Never said')
})
`,
  )
  const { child, ran, code } = parleyTest(project, ['--watch', '--junit', 'report.xml'])
  await expect.poll(() => ran.said).toContain('1 passed, 1 failed')
  expect(ran.said).toContain('ok   An idle queue says so')
  expect(ran.said).toMatch(
    /FAIL Consumers are welcomed {2}welcome\.scenario\.yaml:5:5\n +Expected a message "Welcome" from the bot or a survey; waited 0ms/,
  )
  await expect
    .poll(() => readFileSync(join(project, 'report.xml'), 'utf8'))
    .toContain('failures="1"')

  writeFileSync(join(project, 'functions/greet/index.js'), welcomes('Welcome').code)
  await expect.poll(() => ran.said).toContain('2 passed, 0 failed')
  child.kill('SIGTERM')
  await code
})

test('scenarios that are watched go on when the session of their first run has ended, and end with their world', async () => {
  const project = givenProject({ greet: welcomes('Good bye') })
  writeFileSync(join(project, 'welcome.scenario.yaml'), WELCOME)
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'parley-watched-'))
  // The database of the world may be of another user.
  chmodSync(temporary.path, 0o711)
  const { child, ran, code } = parleyTest(project, ['--watch'], undefined, {
    TMPDIR: temporary.path,
  })
  await expect.poll(() => ran.said).toContain('0 passed, 1 failed')

  const [world = ''] = globSync(join(temporary.path, 'parley-world-*'))
  const { url, accountId } = Endpoint.parse(parsed(join(world, 'world.json')))
  const { admin } = readFirstRun(join(world, 'first-run.json'))
  const session = await login({ url, accountId }, admin)
  await call(session, endUserSessions, { params: { userId: session.userId } })

  writeFileSync(join(project, 'functions/greet/index.js'), welcomes('Welcome').code)
  await expect.poll(() => ran.said).toContain('1 passed, 0 failed')

  killWorldOf(child)
  expect(await code).toBe(1)
  expect(ran.wrong).toMatch(/^The local world has ended, by SIGKILL/)
  expect(existsSync(world)).toBe(false)
})

test('a scenario says what has failed first, and none fails because its world has ended', async () => {
  const project = givenProject({ greet: welcomes('Welcome') })
  writeFileSync(
    join(project, 'both.scenario.ts'),
    `import { writeFileSync } from 'node:fs'
import { scenario } from 'parley/test'
const broken = scenario('A broken program', async () => {
  await using _ = { [Symbol.asyncDispose]: () => Promise.reject(new Error('what came of it')) }
  throw new Error('what was wrong')
})
const long = scenario('A long wait', async ({ consumer, wait }: any) => {
  await consumer.opens(null)
  writeFileSync('opened', '')
  for (;;) await wait('1m')
})
export default [broken, long]
`,
  )
  const { child, ran, code } = parleyTest(project, [])
  await expect.poll(() => ran.said).toContain('FAIL A broken program')
  expect(ran.said).toContain('what was wrong')
  await expect.poll(() => existsSync(join(project, 'opened'))).toBe(true)

  killWorldOf(child)
  expect(await code).toBe(1)
  expect(ran.wrong).toMatch(/^The local world has ended, by SIGKILL/)
  expect(ran.said).not.toContain('A long wait')
})

/** As a machine without memory does it. */
function killWorldOf({ pid: parent }: { pid?: number | undefined }): void {
  const pids = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
  for (const pid of pids.trim().split(' ')) process.kill(Number(pid), 'SIGKILL')
}

const Endpoint = z.object({ url: z.string(), accountId: z.string() })
const parsed = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

test('what docs/testing.md shows passes, and one failing scenario beside it is an exit code of 1', async () => {
  const project = givenProject({ greet: welcomes('Good bye') })
  for (const [, name = '', text = ''] of GUIDE.matchAll(/`([\w./-]+)`:\n\n```\w+\n([^]*?)```/g)) {
    mkdirSync(dirname(join(project, name)), { recursive: true })
    writeFileSync(join(project, name), text)
  }
  writeFileSync(join(project, 'welcome.scenario.yaml'), WELCOME)
  const { ran, code } = parleyTest(project, [])
  expect(await code).toBe(1)
  expect(ran.wrong).toBe('')
  const shown = [...GUIDE.matchAll(/^ok +(.+?) {2}\(/gm)].map(([, name]) => name)
  expect(shown.length).toBeGreaterThan(2)
  for (const name of shown) expect(ran.said).toContain(`ok   ${name}  (`)
  expect(ran.said).toContain(`${shown.length} passed, 1 failed`)
})

test.each([
  [
    'wrong files',
    ['wrong.scenario.yaml'],
    /^wrong\.scenario\.yaml:1:1: nam: there is no such field; did you mean "name"\?\nwrong\.scenario\.yaml:2:10: /,
  ],
  ['no such file', ['none.scenario.yaml'], /^There is no "none\.scenario\.yaml" in /],
  ['a folder without scenarios', ['functions'], /^There is no scenario in functions: /],
])('%s are named before a world is started', async (_, words, message) => {
  const project = givenProject({ greet: welcomes('Welcome') })
  writeFileSync(join(project, 'wrong.scenario.yaml'), 'nam: x\nsteps: [ consumer opns ]\n')
  const { ran, code } = parleyTest(project, words)
  expect(await code).toBe(1)
  expect(ran.wrong).toMatch(message)
  expect(ran.said).toBe('')
})

test('the JSON schema of scenario files is printed for editors', async () => {
  const { ran, code } = parleyTest(import.meta.dirname, ['--schema'])
  expect(await code).toBe(0)
  expect(JSON.parse(ran.said)).toMatchObject({ $schema: expect.any(String), anyOf: [{}, {}] })
})

test('a conversation that was becomes a scenario', async () => {
  await using server = await startTestServer({ wallClock: 'system' })
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  const second = () => server.clock.advance(1_000)
  await second()
  await consumer.say(conversationId, 'Where is my order?')
  await second()
  await agent.accept(conversationId)
  await second()
  await agent.say(conversationId, 'Which one?')
  await server.clock.advance(30 * 60_000)
  await consumer.say(conversationId, 'Number 5')
  await second()
  const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await second()

  const project = givenProject({ greet: welcomes('Welcome') })
  const { ran, code } = parleyTest(project, ['--from', conversationId, '--url', server.url], server)
  expect(await code).toBe(0)
  const file = join(project, 'made.scenario.yaml')
  writeFileSync(file, ran.said)
  const [made] = readScenarioFile(file, 'made')
  const { steps } = made!.text
  expect(steps[0]).toMatchObject({ 'consumer opens': { skill: '1001' } })
  const told = steps.filter((step) => typeof step !== 'object' || !('expect run' in step))
  expect(told.slice(1)).toEqual([
    { 'expect message': 'Welcome! How can we help you?' },
    { wait: '1s' },
    { 'consumer says': 'Where is my order?' },
    { wait: '1s' },
    'agent accepts',
    { 'expect message': 'You are now connected to an agent.' },
    { wait: '1s' },
    { 'agent says': 'Which one?' },
    { wait: '30m' },
    { 'expect message': 'Are you still there? We are waiting for your answer.' },
    { 'consumer says': 'Number 5' },
    { wait: '1s' },
    'consumer closes',
    { 'expect message': 'You have ended the conversation. Thank you for writing to us.' },
  ])

  const { url } = server
  const { accountId, adminBearer: bearer } = await server.anotherAccount()
  const session = { url, accountId, bearer, userId: '', pid: undefined }
  using world = await openWorld(session, [], { skillIds: ['1001'] })
  const results = await runAll(world, [scenarioOfFile(made!)], () => undefined)
  expect(results.map(({ failure }) => failure)).toEqual([undefined])
})
