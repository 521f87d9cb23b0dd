import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConsumer } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { eventually } from '../../../e2e/live/eventually.ts'
import { givenFolder } from './local-world/project.fixture.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const NEW = 'controllerbot_messaging_new_conversation'

const greeting = (text: string) => `const lambda = ({ payload }) => {
  console.info('asked', payload.general.inOffHours)
  return [
    { type: 'systemMessage', text: '${text}' },
    { type: 'systemMessage', text: 'again' },
  ]
}
`

let folder: string
let home: string
let dev: ReturnType<typeof start>
let removeFolder: () => void

function start(words: string[], from = folder) {
  const child = spawn(process.execPath, [BIN, ...words], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, INIT_CWD: from },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ ...said, code })),
  )
  return { child, said, ended }
}

const parley = (...words: string[]) => start(words).ended

/** As `lpf init` writes it, and `settings.json` with it. */
const OF_INIT = {
  name: null,
  event: null,
  description: null,
  input: { headers: [], payload: {} },
  environmentVariables: [{ key: '', value: '' }],
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'parley-home-'))
  const given = givenFolder(
    {
      welcome: { code: greeting('Hello'), config: { event: NEW } },
      sum: { code: 'const lambda = ({ payload }) => payload.a + payload.b', config: OF_INIT },
      broken: { code: 'const lambda = () => {\n  return [\n}\n' },
    },
    { secrets: [{ key: '', value: '' }], whitelist: ['*.liveperson.com'] },
  )
  folder = given.folder
  removeFolder = given.remove
  dev = start(['dev'])
  const isUp = () => dev.said.stdout.includes('watching') || dev.child.exitCode !== null
  await eventually('The start of the world', () => isUp() || undefined)
})

afterAll(async () => {
  dev.child.kill('SIGTERM')
  await dev.ended
  removeFolder()
  rmSync(home, { recursive: true, force: true })
})

const Consumer = z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/)

function worldUrl(): string {
  const [, url] =
    /Consumer page +(http:\/\/127\.0\.0\.1:\d+)\/consumer\/12345678/.exec(dev.said.stdout) ?? []
  return Consumer.parse(url)
}

test('parley dev shows what stands where, and of a broken file its line and column', () => {
  const { stdout } = dev.said
  expect(stdout).toMatch(/Agent +\S+ \/ \S+/)
  expect(stdout).toMatch(new RegExp(`welcome +version 1, ${NEW}`))
  expect(stdout).toMatch(/sum +version 1, no event/)
  expect(stdout).not.toContain('name: must')
  expect(stdout).toMatch(/broken +functions\/broken\/index\.js: .*\(line 3, column 1\)/)
})

test('what is saved answers the next conversation, what is broken leaves the former version', async () => {
  const tail = start(['tail', '--json'])
  await expect.poll(() => tail.said.stderr).toContain('Watching')
  const source = join(folder, 'functions', 'welcome', 'index.js')
  writeFileSync(source, greeting('Good day'))
  await expect.poll(() => dev.said.stdout).toMatch(/welcome reloaded in \d+ ms: version 2/)
  writeFileSync(source, 'const lambda = () => {')
  await expect
    .poll(() => dev.said.stdout)
    .toMatch(
      /welcome is not reloaded, the former version goes on serving: functions\/welcome\/index\.js: .*line 1/,
    )

  using consumer = await openConsumer({ url: worldUrl(), accountId: '12345678' })
  const conversationId = await consumer.openConversation('1001')
  await consumer.say(conversationId, 'Is anybody there?')

  const entries = () =>
    tail.said.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  await expect.poll(entries).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ conversationId, kind: 'event', type: 'opened' }),
      expect.objectContaining({
        kind: 'message',
        event: expect.objectContaining({ message: 'Is anybody there?' }),
      }),
      expect.objectContaining({
        kind: 'message',
        event: expect.objectContaining({ message: 'Good day' }),
      }),
      expect.objectContaining({
        kind: 'run',
        run: expect.objectContaining({
          functionName: 'welcome',
          version: 2,
          commands: [
            { type: 'systemMessage', applied: true },
            expect.objectContaining({ type: 'systemMessage', applied: false }),
          ],
        }),
      }),
      expect.objectContaining({
        kind: 'log',
        log: expect.objectContaining({ message: 'asked' }),
      }),
    ]),
  )
  const short = conversationId.slice(0, 8)
  await expect.poll(() => dev.said.stdout).toContain(`${short}  CONTROLLER: Good day`)
  await expect
    .poll(() => dev.said.stdout)
    .toMatch(
      new RegExp(
        `${short} {2}run welcome v2 SUCCEEDED \\d+ ms .*\\n +command systemMessage: applied\\n +command systemMessage: ignored`,
      ),
    )
  tail.child.kill('SIGINT')
  expect(await tail.ended).toMatchObject({ code: 0 })
})

test('parley trigger raises an event with its sample, changed as asked', async () => {
  expect((await parley('trigger')).stdout).toMatch(
    new RegExp(`${NEW} +Messaging New Conversation +welcome`),
  )

  const set = ['--set', 'payload.general.inOffHours=false']
  const { code, stdout } = await parley('trigger', NEW, ...set)
  expect(stdout).toMatch(/^welcome v\d+ SUCCEEDED \d+ ms\n {2}INFO {2}asked\n {8}false\n/)
  expect(stdout).toMatch(/command systemMessage: counts\n.*ignored, Only the first/)
  expect(code).toBe(0)

  writeFileSync(join(folder, 'sum.json'), JSON.stringify({ a: 1, b: 2 }))
  const sum = await parley(
    'trigger',
    '--function',
    'sum',
    '--payload',
    'sum.json',
    '--set',
    'payload.b=40',
  )
  expect(sum.stdout).toContain('result 41\n')
  await expect.poll(() => dev.said.stdout).toMatch(/ -         run sum v1 SUCCEEDED \d+ ms \(/)
})

test('parley trigger runs a function with the input of its config.json, as lpf invoke does', async () => {
  const config = join(folder, 'functions', 'sum', 'config.json')
  const input = { headers: [], payload: { a: 20, b: 3 } }
  writeFileSync(config, JSON.stringify({ ...OF_INIT, input }))
  const trigger = async (...words: string[]) =>
    (await parley('trigger', '--function', 'sum', ...words)).stdout
  expect(await trigger()).toContain('result 23\n')
  expect(await trigger('--set', 'payload.b=4')).toContain('result 24\n')
  const sample = await trigger('controllerbot_messaging_conversation_end')
  expect(sample).not.toContain('result 23\n')
  await expect.poll(() => dev.said.stdout).toContain('sum reloaded')
})

test('what ran in the world is repeated there, and with what was saved since', async () => {
  expect((await parley('trigger', '--function', 'welcome')).code).toBe(0)
  const { stdout } = await parley('invocations', 'welcome', '--json')
  const invocations = JSON.parse(stdout) as { recordId: string }[]
  const { recordId = '' } = invocations.at(-1) ?? {}
  const again = await parley('replay', recordId, '--on', 'recorded')
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('the same') })
  writeFileSync(join(folder, 'functions/welcome/index.js'), greeting('Good evening'))
  await expect.poll(() => dev.said.stdout).toMatch(/welcome reloaded in \d+ ms: version 3/)
  const changed = await parley('replay', recordId)
  expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('Good evening') })
})

test('every command of docs/dev.md that raises an event does', async () => {
  writeFileSync(join(folder, 'sum.json'), JSON.stringify({ a: 1, b: 2 }))
  const text = readFileSync(join(import.meta.dirname, '../../../docs/dev.md'), 'utf8')
  const commands = text.split('\n').filter((line) => line.startsWith('parley trigger'))
  expect(commands.length).toBeGreaterThan(3)
  for (const command of commands) {
    const { code, stderr } = await parley(...command.split(' ').slice(1))
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' })
  }
})

test.each([
  [[NEW, '--set', 'payload.general.inOfHours=true'], /did you mean payload\.general\.inOffHours\?/],
  [[NEW, '--set', 'payload.general.inOffHours=perhaps'], /must be a boolean/],
  [[NEW, '--set', 'payload.general.inOffHours.x=1'], /is a boolean, it has no members/],
  [['controllerbot_messaging_ttl'], /did you mean controllerbot_messaging_ttr\?/],
  [['controllerbot_messaging_ttr'], /No function is deployed for controllerbot_messaging_ttr/],
  [['--function', 'nobody'], /There is no function "nobody".*welcome/],
])('parley trigger %j is refused with what is right', async (words, message) => {
  const { code, stderr } = await parley('trigger', ...words)
  expect(stderr).toMatch(message)
  expect(code).toBe(1)
})

test('a function that fails is shown with its line, and the command fails', async () => {
  const { code, stdout } = await parley('trigger', '--function', 'welcome', '--payload', 'sum.json')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  writeFileSync(
    join(folder, 'functions', 'sum', 'index.js'),
    'const lambda = () => {\n  throw new Error("no")\n}\n',
  )
  await expect.poll(() => dev.said.stdout).toMatch(/sum reloaded in \d+ ms: version 2/)
  expect(await parley('trigger', '--function', 'sum')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /sum v2 CODING_FAILURE[^]*ERROR Received Error - no\n +at index\.js:2:9/,
    ),
  })
})

test('a function is removed when its config.json names it otherwise, and two folders of one name are refused', async () => {
  const own = join(folder, 'functions', 'sum')
  writeFileSync(join(own, 'config.json'), '{"name":"total"}')
  await expect.poll(() => dev.said.stdout).toContain('sum is removed')
  const listed = await parley('functions')
  expect(listed.stdout).toMatch(/^total +Productive/m)
  expect(listed.stdout).not.toMatch(/^sum /m)

  cpSync(own, join(folder, 'functions', 'twin'), { recursive: true })
  await expect
    .poll(() => dev.said.stdout)
    .toContain('functions/twin and functions/sum are both called "total"')
  rmSync(join(folder, 'functions', 'twin'), { recursive: true })
  // The folder of this name has never become the function of this name, which stays.
  cpSync(join(own, 'index.js'), join(folder, 'functions', 'total', 'index.js'))
  await expect
    .poll(() => dev.said.stdout)
    .toContain('functions/total and functions/sum are both called "total"')
  rmSync(join(folder, 'functions', 'total'), { recursive: true })
  // A name that would lose letters is refused, and no other function suffers from it.
  cpSync(join(own, 'index.js'), join(folder, 'functions', 'größe', 'index.js'))
  await expect.poll(() => dev.said.stdout).toContain('"größe" cannot be the name of a function')
  const triggered = await parley('trigger', '--function', 'total')
  expect(triggered.stdout + triggered.stderr).toContain('total v')
  expect(triggered.stdout + triggered.stderr).not.toContain('cannot be the name')
  rmSync(join(folder, 'functions', 'größe'), { recursive: true })
  // What is saved later is told later.
  writeFileSync(join(own, 'index.js'), 'const lambda = () => "kept"\n')
  await expect.poll(() => dev.said.stdout).toContain('total reloaded')
  expect(dev.said.stdout).not.toContain('There is no function')
  expect(dev.said.stdout).not.toContain('total is removed')
  expect((await parley('functions')).stdout).toMatch(/^total +Productive/m)
  rmSync(own, { recursive: true })
  await expect.poll(() => dev.said.stdout).toContain('total is removed')
})

test('a second parley dev in the project is refused with what to do', async () => {
  expect(await parley('dev')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /is in use by another parley dev .* name another folder by --data\n$/,
    ),
  })
})

test('Ctrl-C ends the world, and says nothing of it afterwards', async () => {
  dev.child.kill('SIGINT')
  expect(await dev.ended).toMatchObject({ code: 0, stderr: '' })
  await expect(fetch(worldUrl())).rejects.toThrow('fetch failed')
  expect(readFileSync(join(folder, '.parley', '.gitignore'), 'utf8')).toBe('*\n')
})
