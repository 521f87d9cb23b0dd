import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  call,
  fastestMs,
  givenFunction,
  startTestServer,
  type TestServer,
} from '../../../server/testing/index.ts'
import { readProgram } from './programs.ts'
import { readScenarioFile } from './read-file.ts'
import { junit, resultText } from './report.ts'
import { type Result, runAll } from './run-all.ts'
import { type Scenario, scenarioOfFile } from './scenario.ts'
import { openWorld, type World } from './world.ts'

let server: TestServer
let world: World
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
  const { url, accountId, adminBearer: bearer } = server
  await givenFunction(
    server,
    'controllerbot_messaging_new_conversation',
    `const { general } = input.payload
    callback(null, { type: 'systemMessage', text: 'Welcome at ' + new Date().toISOString().slice(0, 10) })`,
  )
  await givenFunction(server, 'denver_post_survey_email_transcript', 'callback(null, [])')
  const session = { url, accountId, bearer, userId: '', pid: undefined }
  world = await openWorld(session, [], { skillIds: ['1001'] })
})
afterAll(async () => {
  world[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

/** A file, until the test ends. */
function givenFile(text: string, name = 'talk.scenario.yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-scenario-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const read = (text: string) => readScenarioFile(givenFile(text), 'talk.yaml').map(scenarioOfFile)
const run = (scenarios: Scenario[]) => runAll(world, scenarios, () => undefined)
const failures = (results: Result[]) =>
  results.flatMap(({ failure, scenario }) =>
    failure ? [`${scenario.name}: ${failure.message}`] : [],
  )

const IDLE = `
name: The consumer is reminded after 30 minutes
steps:
  - consumer opens: { skill: '1001' }
  - expect message: { contains: 'Welcome at 2026-01-05' }
  - agent accepts
  - expect message: You are now connected to an agent.
  - agent says: What is your order number?
  - expect timer: { name: idle-consumer, in: 30m }
  - wait: 29m
  - expect no message
  - wait: 1m
  - expect message: Are you still there? We are waiting for your answer.
`

test('the rule of 30 idle minutes is tested in a second', async () => {
  const scenarios = read(IDLE)
  await run(scenarios)
  let results: Result[] = []
  const ms = await fastestMs(1_000, async () => {
    results = await run(scenarios)
    expect(failures(results)).toEqual([])
  })
  process.stdout.write(
    `30 idle minutes tested in ${results[0]?.ms} ms; on an ordinary machine: ${Math.round(ms)} ms\n`,
  )
  expect(ms).toBeLessThan(1_000)
})

test('a hundred scenarios with waits of their own run side by side, each in its own time, in ten seconds', async () => {
  const text = (index: number) => `
  - name: Number ${index}
    steps:
      - consumer opens
      - expect message: { contains: Welcome }
      - consumer says: Hello ${index}
      - wait: ${index % 7 === 0 ? 29 : 30}m
      - expect ${index % 7 === 0 ? 'no message' : 'message: Thank you for your patience. An agent will be with you soon.'}
      - consumer closes
      - expect conversation: { state: CLOSE }`
  const indices = Array.from({ length: 100 }, (_, index) => index)
  const scenarios = read(`scenarios:${indices.map(text).join('')}`)
  const ms = await fastestMs(10_000, async () => {
    const results = await run(scenarios)
    expect(failures(results)).toEqual([])
    expect(results).toHaveLength(100)
  })
  process.stdout.write(`100 scenarios on an ordinary machine: ${Math.round(ms)} ms\n`)
  expect(ms).toBeLessThan(10_000)
})

test('a message that never comes is named, with how long was waited and what came instead', async () => {
  const [result] = await run(
    read(`
steps:
  - consumer opens
  - expect message: { contains: Welcome }
  - expect message: { text: Good bye, within: 45m }
`),
  )
  expect(result?.failure).toMatchObject({
    message: `Expected a message "Good bye" from the bot or a survey; waited 45m of virtual time. This came instead:
  +30m  bot      "Thank you for your patience. An agent will be with you soon."`,
    place: { file: 'talk.yaml', line: 5, column: 5 },
  })
  const shown = resultText(result!)
  expect(shown).toContain('FAIL talk  talk.yaml:5:5')
  const report = junit([result!], 1234)
  expect(report).toContain('<testsuites name="parley test" tests="1" failures="1" time="1.234">')
  expect(report).toContain('Expected a message &quot;Good bye&quot;')
})

test.each<[string, string, RegExp]>([
  [
    'a skill that is unknown',
    '- consumer opens: { skill: Custmer }',
    /There is no skill "Custmer"; /,
  ],
  [
    'a function that is unknown',
    `- consumer opens
  - expect run: welcom`,
    /There is no function "welcom"; /,
  ],
  ['a step before its conversation', '- consumer says: Hello', /"consumer opens" must come before/],
  [
    'an agent who serves nobody',
    `- consumer opens
  - agent says: Hello`,
    /"agent accepts" must come before/,
  ],
  [
    'a conversation that is closed',
    `- consumer opens
  - consumer closes
  - consumer says: Hello`,
    /The conversation is closed/,
  ],
  [
    'another payload',
    `- consumer opens
  - expect run: { payload: { general: { inOffHours: true } } }`,
    /payload\.general\.\w+ is .*, not true/,
  ],
  [
    'a timer that is not armed',
    `- consumer opens
  - expect timer: left-survey`,
    /Expected the timer left-survey. Armed are:\n {2}\w/,
  ],
  [
    'a mail that is not sent',
    `- consumer opens
  - expect mail: { to: ada@example.com, within: 1h }`,
    /waited 1h of virtual time.*\n[^]*mails that were sent: none/,
  ],
  ['a chat that is not there', '- visitor says: Hello', /"visitor opens chat" must come before/],
  [
    'a line of a chat that never comes',
    `- visitor opens chat: { says: Hello }
  - chat agent accepts
  - chat agent says: Good day
  - expect chat message: { text: Good bye, within: 5m }`,
    /Expected a line "Good bye" from the agent; waited 5m of virtual time\. This came instead:\n  \+0ms {2}visitor  "Hello"\n  \+0ms {2}agent    "Good day"/,
  ],
  [
    'another state of a chat',
    `- visitor opens chat
  - expect chat: { stage: active }`,
    /Expected the chat \{"stage":"active"\}[^]*chat\.stage is "waiting", not "active"/,
  ],
  [
    'a command that is not asked for',
    `- consumer opens
  - expect command: transfer`,
    /Expected the command transfer; waited 0ms[^]*it has asked for systemMessage/,
  ],
])('%s is named', async (_, steps, message) => {
  const [result] = await run(read(`steps:\n  ${steps}\n`))
  expect(result?.failure?.message).toMatch(message)
  expect(result?.failure?.place).toMatchObject({ file: 'talk.yaml' })
})

test('commands, payloads, transfers and settings of the account are expected, and the account is as before afterwards', async () => {
  const results = await run(
    read(`
account:
  settings: { messaging: { autoCloseMs: 1500000 } }
  automaticMessages:
    CONSUMER_NON_RESPONSIVE: { timing: { time: 5, timeUnits: minutes, repeat: 1 } }
steps:
  - consumer opens: { skill: '1001', language: de-DE, profile: { firstName: Ada } }
  - expect command: { type: systemMessage, members: { type: systemMessage } }
  - expect run: { event: controllerbot_messaging_new_conversation, outcome: SUCCEEDED, payload: { general: { inOffHours: false } } }
  - agent accepts
  - agent says: Hello
  - expect message: { contains: Sind Sie noch da, within: 6m }
  - agent transfers: { skill: '1002' }
  - expect conversation: { skill: '1002', assigned: false, state: OPEN }
  - agent accepts
  - agent says: Hello again
  - expect conversation: { state: CLOSE, within: 25m }
`),
  )
  expect(failures(results)).toEqual([])
  expect(await call(server, 'GET', 'settings')).not.toMatchObject({
    messaging: { autoCloseMs: 1_500_000 },
  })
  expect(await call(server, 'GET', 'automatic-messages')).toMatchObject({ settings: [] })
})

test('a live chat is opened, served, closed and rated', async () => {
  const results = await run(
    read(`
account:
  chat:
    survey: { questions: [{ questionId: why, kind: text, text: Why? }] }
steps:
  - visitor opens chat: { skill: '1001', name: Ada, email: ada@example.com, says: Hello }
  - expect chat message: { text: Hello, from: visitor }
  - expect chat: { stage: waiting }
  - chat agent accepts
  - chat agent says: What can I do for you?
  - expect chat message: { contains: What can I do }
  - visitor says: Nothing
  - chat agent closes
  - expect chat: { stage: ended, reason: closed, survey: open }
  - visitor answers survey: { csat: 5, answers: { why: It was fast } }
  - expect chat: { survey: submitted }
  - expect run: { event: denver_post_survey_email_transcript, outcome: SUCCEEDED, payload: { csatRank: 5 }, within: 1m }
`).concat(
      read(`
name: silence
steps:
  - visitor opens chat
  - chat agent accepts
  - wait: 14m
  - expect chat: { stage: active }
  - expect chat: { stage: ended, reason: silence, within: 2m }
`),
    ),
  )
  expect(failures(results)).toEqual([])
  expect(await call(server, 'GET', 'chat-settings')).not.toHaveProperty('survey')
})

test.each([
  ['no scenario', 'export default 5', /must have a scenario, or a list of them/],
  ['no TypeScript', 'export default = 5', /^own\.ts: /],
])('a program with %s is refused', async (_, text, message) => {
  await expect(readProgram(givenFile(text, 'own.scenario.ts'), 'own.ts')).rejects.toThrow(message)
})

test.each<[string, string, string[]]>([
  ['an empty file', '', ['x.yaml:1:1: is empty: it must have a name and steps']],
  ['a file of comments', '# nothing\n', ['x.yaml:1:1: is empty: it must have a name and steps']],
  [
    'two documents',
    'steps:\n- consumer opens\n---\nsteps: []\n',
    [
      'x.yaml:3:1: a second document begins: a file has one; several scenarios stand under "scenarios"',
    ],
  ],
  [
    'wrong fields, each with the nearest right name',
    `nam: x
steps:
- consumer sayz: x
- agent acepts
- expect message: { txt: a }
- wait: soon
- expect run: { outcome: SUCCEDED }
`,
    [
      'x.yaml:1:1: nam: there is no such field; did you mean "name"?',
      'x.yaml:3:3: steps.0.consumer sayz: there is no such field; did you mean "consumer says"?',
      'x.yaml:4:3: steps.1: "agent acepts" is not known; did you mean "agent accepts"?',
      'x.yaml:5:21: steps.2.expect message.txt: there is no such field; did you mean "text"?',
      'x.yaml:6:3: steps.3.wait: must be a duration such as 30m, 1h30m or 2d (units ms, s, m, h, d, w), at most 366d',
      'x.yaml:7:17: steps.4.expect run.outcome: "SUCCEDED" is not known; did you mean "SUCCEEDED"?',
    ],
  ],
  ['two keys of one name', 'name: a\nname: b\n', ['x.yaml:2:1: Map keys must be unique']],
  [
    'a setting that there is not',
    'account:\n  settings: { messaging: { autoClos: 1 } }\nsteps: [consumer opens]\n',
    [
      'x.yaml:2:28: account.settings.messaging.autoClos: no such setting; did you mean autoCloseMs?',
    ],
  ],
])('%s is refused with file, line and column', (_, text, said) => {
  const attempt = () => readScenarioFile(givenFile(text), 'x.yaml')
  expect(attempt).toThrow(said.join('\n'))
})
