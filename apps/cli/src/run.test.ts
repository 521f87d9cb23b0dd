import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProject } from '@parley/server/local-project'
import { expect, onTestFinished, test } from 'vitest'
import { witnessLoading } from './loaded-files.fixture.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/parley')
const run = promisify(execFile)

/** A project as the published command line lays it out. */
function givenProject(code: string, settings: object = {}): string {
  const project = mkdtempSync(join(tmpdir(), 'parley-run-'))
  onTestFinished(() => rmSync(project, { recursive: true, force: true }))
  const folder = join(project, 'functions', 'greet')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.js'), code)
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      name: 'greet',
      event: 'No Event',
      description: 'Greets',
      input: { headers: [], payload: { name: 'Ada' } },
      environmentVariables: [{ key: 'GREETING', value: 'Hi' }],
    }),
  )
  writeFileSync(join(project, 'functions', 'settings.json'), JSON.stringify(settings))
  return folder
}

const parley = (path: string, { from = tmpdir(), options = [] as string[], env = {} } = {}) =>
  run(process.execPath, [BIN, 'run', path, '--data', CACHE, ...options], {
    cwd: tmpdir(),
    env: { ...process.env, INIT_CWD: from, ...env },
  })

/** A folder with these files, by their names. */
function givenFiles(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('parley run answers with the result and the logs of a project folder', async () => {
  const folder = givenProject(
    `const { Toolbelt } = require('lp-faas-toolbelt')
    async function lambda(input, callback) {
      const { value } = await Toolbelt.SecretClient().readSecret('word')
      console.info('greeting', input.payload)
      callback(null, process.env.GREETING + ' ' + input.payload.name + ', ' + value)
    }`,
    { secrets: [{ key: 'word', value: 'welcome' }], whitelist: [] },
  )

  const { stdout } = await parley(folder)

  expect(JSON.parse(stdout)).toMatchObject({
    result: 'Hi Ada, welcome',
    logs: [{ level: 'Info', message: 'greeting', extras: [{ name: 'Ada' }] }],
  })
})

test('parley run shows an error as the published command line does, and exits 1', async () => {
  const folder = givenProject(`function lambda(input, callback) { callback(new Error('boom')) }`)

  await expect(parley(folder)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('com.liveperson.faas.handler.custom-failure'),
  })
})

test('parley run names the line of a source that cannot be used', async () => {
  const folder = givenProject('function lambda(input, callback) {\n  callback(null, \n}')

  await expect(parley(folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/index\.js:\d+:\d+: /),
  })
})

const TYPED = `interface Input { payload: { conversationId: string } }

export async function lambda({ payload }: Input) {
  return payload.conversationId.length
}`

test('parley run takes a TypeScript file of the folder from which it was called, and the sample of an event', async () => {
  const from = givenFiles({
    'typed.ts': `export const lambda = ({ payload }: any) => payload.general.convId.length > 0`,
  })
  const options = ['--event', 'controllerbot_messaging_new_conversation']

  const { stdout } = await parley('typed.ts', { from, options })

  expect(JSON.parse(stdout)).toEqual({ result: true, logs: [] })
})

test('parley run takes the sample of the event of config.json when the payload there is empty', async () => {
  const from = givenFiles({
    'index.js': 'const lambda = ({ payload }) => Object.keys(payload).includes("general")',
    'config.json': JSON.stringify({
      event: 'Messaging New Conversation',
      input: { headers: [], payload: {} },
    }),
  })

  expect(JSON.parse((await parley('.', { from })).stdout)).toMatchObject({ result: true })
})

test('parley run takes the sample of the event that is asked for, whatever the input of config.json is', async () => {
  const folder = givenProject('const lambda = ({ payload }) => Object.keys(payload)')
  const options = ['--event', 'controllerbot_messaging_new_conversation']

  expect(JSON.parse((await parley(folder)).stdout)).toMatchObject({ result: ['name'] })
  expect(JSON.parse((await parley(folder, { options })).stdout)).toMatchObject({
    result: expect.arrayContaining(['general']),
  })
})

test('parley run leads from an error in TypeScript to its line', async () => {
  const from = givenFiles({ 'typed.ts': TYPED })

  const running = parley('typed.ts', { from, options: ['--payload', '{}'] })

  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/"file": "typed\.ts",\s+"line": 4,\s+"column": 33/),
  })
})

test('parley run takes what a server takes, and lets out what a server lets out', async () => {
  const code = `const lambda = async () => {
    for (const host of ['api.liveperson.net', 'CRM.example.com']) await fetch('https://' + host).catch(() => {})
  }`
  const { stdout } = await parley(givenProject(code))
  expect(stdout).toMatch(/api\.liveperson\.net at index\.js:2:\d+ was not let out.*run parley dev/)
  expect(stdout).toContain('add \\"crm.example.com\\" to \\"whitelist\\"')

  const folder = givenProject(code, { whitelist: ['API.Example.com'] })
  expect((await findProject(folder, '/')).settings.whitelist).toEqual(['api.example.com'])
  await expect(parley(givenProject(code, { whitelist: ['10.0.0.1'] }))).rejects.toMatchObject({
    stderr: expect.stringMatching(/settings\.json: .*must be a name, not an address/),
  })
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ environmentVariables: [{ key: 'http_proxy', value: 'x' }] }),
  )
  await expect(parley(folder)).rejects.toMatchObject({
    stderr: 'config.json: Variable name is reserved and thereby blocked for use: "http_proxy"\n',
  })
})

test('parley run says of a refused call which domain, which line and what allows it', async () => {
  const from = givenFiles({
    'mine.js': `const lambda = async () => {\n  await fetch('https://crm.example.com')\n}`,
  })

  await expect(parley('mine.js', { from })).rejects.toMatchObject({
    stdout: expect.stringMatching(
      /GET crm\.example\.com at mine\.js:2:9 was not let out.*add \\"crm\.example\.com\\" to \\"whitelist\\"/,
    ),
  })
  // The failure itself leads to the line, too.
  await expect(parley('mine.js', { from })).rejects.toMatchObject({
    stdout: expect.stringMatching(
      /"TypeError: fetch failed",\s+"extras": \[\s+\{\s+"file": "mine\.js",\s+"line": 2,\s+"column": 9/,
    ),
  })
})

test.each([
  ['missing.js', (from: string) => `There is no "missing.js" in ${from}`],
  ['.', (from: string) => `There is no index.js and no index.ts in ${from}`],
])('parley run of %s names the folder in which it looked', async (path, message) => {
  const from = givenFiles({ 'other.js': '' })

  await expect(parley(path, { from })).rejects.toMatchObject({
    code: 1,
    stderr: `${message(from)}\n`,
  })
})

test('parley run lists the events when the given one does not exist', async () => {
  const from = givenFiles({ 'mine.js': 'const lambda = () => 1' })

  const running = parley('mine.js', { from, options: ['--event', 'nothing'] })

  await expect(running).rejects.toMatchObject({
    stderr: expect.stringMatching(/There is no event "nothing".*controllerbot_messaging_ttr/s),
  })
})

test.each([
  ['a name', 'absent.js', []],
  ['an event', 'mine.js', ['--event', 'nothing']],
])(
  'parley run refuses %s that does not exist before it loads what runs functions',
  async (_, path, options) => {
    const from = givenFiles({ 'mine.js': 'const lambda = () => 1' })
    const witness = witnessLoading()
    const env = { NODE_V8_COVERAGE: witness.folder }

    await expect(parley(path, { from, options, env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no '),
    })
    const [loaded = []] = witness.loaded()
    expect(loaded.some((url) => url.endsWith('/apps/cli/src/run.ts'))).toBe(true)
    expect(loaded.filter((url) => /\/(faas\/sandbox|base\/http|base\/store)\//.test(url))).toEqual(
      [],
    )
  },
)

test('parley run warns of problems of the types, with file and line, and runs', async () => {
  const from = givenFiles({ 'typed.ts': `const n: number = 'x'\nexport const lambda = () => n` })

  const { stdout, stderr } = await parley('typed.ts', { from })

  expect(stderr).toContain("Warning: typed.ts:1:7: TS2322: Type 'string' is not assignable")
  expect(JSON.parse(stdout)).toEqual({ result: 'x', logs: [] })
})

test.each([
  ['/proc', 'EACCES|ENOENT|EPERM|EROFS'],
  ['/proc/1/parley', 'ENOENT|EACCES|EPERM'],
  ['/dev/null', 'it is a file|ENOTDIR'],
  ['/dev/null/data', 'ENOTDIR|ENOENT'],
])('parley run refuses the folder %s for its data at once', async (data, reason) => {
  const from = givenFiles({ 'mine.js': 'const lambda = () => 1' })

  await expect(parley('mine.js', { from, options: ['--data', data] })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`^--data ${data}: must be a folder that can be made and written: .*(${reason})`),
    ),
  })
})

test('parley run reads files that begin with a byte order mark', async () => {
  const folder = givenFiles({
    'index.js': '\uFEFFconst lambda = ({ payload }) => [payload.name, process.env.GREETING]',
    'config.json': '\uFEFF{"environmentVariables":[{"key":"GREETING","value":"Hi"}]}',
    'settings.json': '\uFEFF{"secrets":[]}',
    'payload.json': '\uFEFF{"name":"Ada"}',
  })
  const { stdout } = await parley(folder, { options: ['--payload', `@${folder}/payload.json`] })
  expect(JSON.parse(stdout)).toMatchObject({ result: ['Ada', 'Hi'] })
})

test('parley run reads files only: a pipe would never end', async () => {
  const from = givenFiles({ 'mine.js': 'const lambda = () => 1' })
  await run('mkfifo', [join(from, 'pipe.js')])

  await expect(parley('pipe.js', { from })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/pipe\.js: must be a file, it is a pipe/),
  })
  const options = ['--payload', '@/dev/zero']
  await expect(parley('mine.js', { from, options })).rejects.toMatchObject({
    code: 1,
    stderr: '/dev/zero: must be a file, it is a device\n',
  })
})

test('a function that asks the platform hears that it needs a server, and what to do', async () => {
  const folder = givenProject(
    `const { Toolbelt } = require('lp-faas-toolbelt')
    async function lambda() {
      const said = (call) => call.catch((error) => error.message)
      const sessions = Toolbelt.ContextServiceClient({ apiKey: 'k', accountId: 'a' })
      return [
        await said(Toolbelt.LpClient()('smt', '/')),
        await said(sessions.getListOfSessions('n')),
      ]
    }`,
  )
  const { stdout } = await parley(folder)
  const needs = 'Services of the platform need a server: deploy the function, or run parley dev'
  expect(JSON.parse(stdout)).toMatchObject({
    result: [`The service look-up failed: ${needs}`, needs],
  })
})

test('secrets are updated and listed as a server does it', async () => {
  const folder = givenProject(
    `const { Toolbelt } = require('lp-faas-toolbelt')
    async function lambda() {
      const secrets = Toolbelt.SecretClient()
      const before = await secrets.getUsedSecrets()
      await secrets.updateSecret({ key: 'key', value: '{"token":"new"}' })
      await secrets.updateSecret({ key: 'word', value: '{"is":"a text"}' })
      const { value } = await secrets.readSecret('key')
      const own = await secrets.updateSecret({ key: 'lp-faas-default-app-key', value: 'x' }).catch((error) => error.code)
      const none = await secrets.readSecret('none').catch((error) => error.code)
      return [before, value.token, await secrets.getUsedSecrets(), own, none]
    }`,
    {
      secrets: [
        { key: 'word', value: 'welcome' },
        { key: 'key', value: { token: 'old' } },
        { key: 'other', value: 'not asked for' },
        { key: 'lp-faas-default-app-key', value: {} },
      ],
    },
  )
  const { stdout } = await parley(folder)
  const used = [
    { key: 'key', value: { token: 'new' } },
    { key: 'word', value: '{"is":"a text"}' },
  ]
  const codes = ['com.liveperson.faas.secret.op-failed', 'com.liveperson.faas.secret.not-found']
  expect(JSON.parse(stdout)).toMatchObject({ result: [[], 'new', used, ...codes] })
})
