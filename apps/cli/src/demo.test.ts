import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { call, login } from '@parley/client'
import { createFunction, deployFunction, listFunctions } from '@parley/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MADE_BY_DEMO } from './demo/leftovers.ts'
import { startTestServer, type TestServer } from '../../server/testing/index.ts'

const run = promisify(execFile)
const parley = join(import.meta.dirname, '..', 'bin', 'parley.js')
const welcome = readFileSync(join(import.meta.dirname, 'demo', 'welcome.js'), 'utf8')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function runDemo(server: TestServer, options: string[] = []) {
  const { admin, agents } = server
  const env = {
    ...process.env,
    PARLEY_ACCOUNT: server.accountId,
    PARLEY_ADMIN_USER: admin.user,
    PARLEY_ADMIN_PASSWORD: admin.password,
    PARLEY_AGENT_USER: agents[0]?.user,
    PARLEY_AGENT_PASSWORD: agents[0]?.password,
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

test('the demo shows what the consumer saw, and event, payload, answer, commands and timings behind it', async () => {
  await using server = await startTestServer({ clock: 'system' })

  const output = await runDemo(server, ['--say', 'Is this real?'])

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
  ]) {
    expect(output).toContain(seen)
  }
})

test('a changed text of the function is what the consumer gets: nothing is staged', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const changed = `Changed ${crypto.randomUUID().slice(0, 8)}`

  const output = await runDemo(server, [
    '--code',
    givenCode(welcome.replace('A function greets you', changed)),
  ])

  expect(output).toContain(changed)
  expect(output).not.toContain('A function greets you')
})

test('the day in the life shows six events of one conversation', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const output = await runDemo(server)

  for (const answer of [
    'We are closed now',
    'Understood: we hurry.',
    'An agent is with you now.',
    'Your agent needs a moment',
    'A colleague with the right',
    'Thank you, and goodbye.',
  ]) {
    expect(output).toContain(answer)
  }
})

test('the demo removes what it made', async () => {
  await using server = await startTestServer({ clock: 'system' })
  await runDemo(server)

  const session = await login(server, server.admin)
  const { functions } = await call(session, listFunctions)
  expect(functions.map(({ name }) => name)).toEqual(['greeting'])
})

test('what a killed demo has left is removed by the next one', async () => {
  await using server = await startTestServer({ clock: 'system' })
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

  await runDemo(server)

  const { functions } = await call(session, listFunctions)
  expect(functions.map(({ name }) => name)).toEqual(['greeting'])
})

test('a function that cannot be saved is answered with the reason, and leaves nothing behind', async () => {
  await using server = await startTestServer({ clock: 'system' })

  const running = runDemo(server, ['--code', givenCode('function lambda(input, callback) {')])

  await expect(running).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('was answered 400'),
  })
})
