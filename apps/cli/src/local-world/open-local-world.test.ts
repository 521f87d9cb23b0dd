import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { call } from '@parley/client'
import {
  listAllowedDomains,
  listFunctions,
  listInvocations,
  listSchedules,
  listSecrets,
  testFunction,
} from '@parley/contract'
import { expect, onTestFinished, test, vi } from 'vitest'
import { witnessLoading } from '../loaded-files.fixture.ts'
import { givenProject } from './project.fixture.ts'
import { type LocalWorld, openLocalWorld } from './open-local-world.ts'
import { findRunningWorld } from './running-world.ts'

const run = async (world: LocalWorld, functionId: string, payload: unknown) => {
  const params = { functionId }
  return call(await world.session(), testFunction, { params, body: { payload } })
}

const ENVIRONMENT = [{ key: 'GREETING', value: 'Hi' }]
const MORNINGS = { cronExpression: '0 9 * * *', payload: { zone: 'north', at: 1 } }

test('a world runs the functions of a project as the project says, and ends with nothing left', async () => {
  const folder = givenProject(
    {
      greet: {
        code: `const { Toolbelt } = require('lp-faas-toolbelt')
        async function lambda(input, callback) {
          const { value } = await Toolbelt.SecretClient().readSecret('word')
          callback(null, process.env.GREETING + ' ' + input.payload.name + ', ' + value)
        }`,
        config: {
          environmentVariables: ENVIRONMENT,
          schedules: [{ ...MORNINGS, timeZone: 'Europe/Berlin' }],
        },
      },
      welcome: {
        code: 'const lambda = () => [{ type: "Send", text: "hello" }]',
        config: { event: 'Messaging New Conversation', skills: ['1001'] },
      },
    },
    { secrets: [{ key: 'word', value: 'welcome' }], whitelist: ['api.example.com'] },
  )
  const world = await openLocalWorld({ folder })
  onTestFinished(world.close)
  await world.applySettings()

  expect(world.functions()).toEqual(['greet', 'welcome'])
  const greet = await world.deploy('greet')
  expect(await world.deploy('welcome')).toMatchObject({
    version: 1,
    eventId: 'controllerbot_messaging_new_conversation',
  })
  expect(await run(world, greet.functionId, { name: 'Ada' })).toMatchObject({
    outcome: 'SUCCEEDED',
    result: 'Hi Ada, welcome',
  })
  const session = await world.session()
  expect((await call(session, listSecrets)).secrets).toMatchObject([{ name: 'word' }])
  const [made, ...more] = (await call(session, listSchedules)).schedules
  expect([made, more]).toMatchObject([
    { functionId: greet.functionId, ...MORNINGS, timeZone: 'Europe/Berlin' },
    [],
  ])
  const { domains } = await call(session, listAllowedDomains, { query: { provisioned: 'false' } })
  expect(domains.map(({ domain }) => domain)).toEqual(['api.example.com'])
  expect(readFileSync(join(folder, '.parley', '.gitignore'), 'utf8')).toBe('*\n')
  expect(findRunningWorld(join(folder, 'functions', 'greet'))).toMatchObject({ url: world.url })

  await expect(openLocalWorld({ folder })).rejects.toThrow(/in use|another/i)

  await world.close()
  await expect(fetch(world.url)).rejects.toThrow('fetch failed')
  expect(findRunningWorld(folder)).toBeUndefined()

  const again = await openLocalWorld({ folder })
  onTestFinished(again.close)
  expect(await again.deploy('greet')).toMatchObject({ functionId: greet.functionId, version: 1 })
  const schedules = async () => (await call(await again.session(), listSchedules)).schedules
  expect(await schedules()).toMatchObject([{ scheduleId: made?.scheduleId }])
  const paused = { ...MORNINGS, active: false, missedRuns: 'run-once' }
  writeFileSync(
    join(folder, 'functions', 'greet', 'config.json'),
    JSON.stringify({ environmentVariables: ENVIRONMENT, schedules: [paused] }),
  )
  await again.deploy('greet')
  const [kept] = await schedules()
  expect(kept).toMatchObject({ ...paused, timeZone: 'UTC' })
  await again.deploy('greet')
  expect(await schedules()).toEqual([kept])

  const source = join(folder, 'functions', 'greet', 'index.js')
  writeFileSync(source, 'const lambda = () => {\n  1 +\n}')
  await expect(again.deploy('greet')).rejects.toThrow(
    /^functions\/greet\/index\.js: .*\(line 3, column 1\)$/,
  )
  expect(await run(again, greet.functionId, { name: 'Bo' })).toMatchObject({
    result: 'Hi Bo, welcome',
  })
  const config = join(folder, 'functions', 'greet', 'config.json')
  writeFileSync(config, JSON.stringify({ event: 'controllerbot_messaging_ttr' }))
  for (const [broken, reason] of [
    ['const lambda = () => {', 'functions/greet/index.js: '],
    ['throw new Error("x"); const lambda = () => 1', 'The source cannot be loaded: x'],
  ] as const) {
    writeFileSync(source, broken)
    await expect(again.deploy('greet')).rejects.toThrow(reason)
    expect(await run(again, greet.functionId, { name: 'Bo' })).toMatchObject({
      result: 'Hi Bo, welcome',
    })
  }
  writeFileSync(source, 'const lambda = () => 1')
  const after = await again.deploy('greet')
  expect(after).toMatchObject({ version: 1, eventId: 'controllerbot_messaging_ttr' })
  expect(after.functionId).not.toBe(greet.functionId)
})

test('what is wrong in the files beside a function names the file, and a function gets another event and its skills at once', async () => {
  const NEW = 'controllerbot_messaging_new_conversation'
  const folder = givenProject({
    every: { code: 'const lambda = () => 1', config: { event: NEW } },
    plain: { code: 'const lambda = () => 1' },
  })
  const world = await openLocalWorld({ folder })
  onTestFinished(world.close)
  const put = (path: string, content: object) =>
    writeFileSync(join(folder, 'functions', path), JSON.stringify(content))
  for (const name of world.functions()) await world.deploy(name)

  put('settings.json', { secrets: [{ key: 'my word', value: 'x' }] })
  await expect(world.applySettings()).rejects.toThrow(
    /^settings\.json: secret "my word": name: must consist of/,
  )

  put('plain/config.json', { schedules: [MORNINGS, { cronExpression: '0 9 *' }] })
  await expect(world.deploy('plain')).rejects.toThrow(
    'functions/plain/config.json: schedules[1]: cronExpression: "0 9 *" must have five fields',
  )
  const { functions } = await call(await world.session(), listFunctions, {
    query: { name: 'plain' },
  })
  expect(functions).toMatchObject([{ name: 'plain', liveVersion: 1 }])

  put('plain/config.json', { event: NEW, skills: ['1001'] })
  expect(await world.deploy('plain')).toMatchObject({ version: 1, eventId: NEW })
  put('plain/config.json', { event: 'controllerbot_messaging_ttr' })
  expect(await world.deploy('plain')).toMatchObject({ eventId: 'controllerbot_messaging_ttr' })
})

/** A program that opens a temporary world, says where it is, and waits. */
function startProgram(): { child: ChildProcess; said: Promise<{ url: string; dataDir: string }> } {
  const entry = JSON.stringify(join(import.meta.dirname, 'open-local-world.ts'))
  const source = `import { openLocalWorld } from ${entry}
    const world = await openLocalWorld()
    console.log(JSON.stringify({ url: world.url, dataDir: world.dataDir }))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Promise<{ url: string; dataDir: string }>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(JSON.parse(data.toString()))),
  )
  return { child, said }
}

/** Processes whose command line, or whose folder, names the data of a world. */
function processesOf(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        // It has ended since it was listed.
        return ''
      }
    })
    .filter((line) => line.includes(dataDir))
}

test('a world whose parent is killed ends, with its database and its data', async () => {
  const { child, said } = startProgram()
  onTestFinished(() => void child.kill('SIGKILL'))
  const { url, dataDir } = await said
  expect(processesOf(dataDir).length).toBeGreaterThan(1)

  child.kill('SIGKILL')

  await expect.poll(() => processesOf(dataDir)).toEqual([])
  expect(existsSync(dataDir)).toBe(false)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('the process of a world runs a bundle: whoever asks for a world waits for what it loads', async () => {
  const witness = witnessLoading()
  vi.stubEnv('NODE_V8_COVERAGE', witness.folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const world = await openLocalWorld()
  await world.close()

  const loaded = witness.loaded().find((urls) => urls[0]?.includes('/local-world/')) ?? []
  expect(loaded.some((url) => url.includes('/node_modules/.cache/world/'))).toBe(true)
  const sources = loaded.filter((url) => !url.includes('/node_modules/'))
  expect(sources.map((url) => basename(url))).toEqual(['launch-world.ts', 'find-built.ts'])
})

test('a folder without functions is refused with what a project looks like', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-none-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))

  await expect(openLocalWorld({ folder })).rejects.toThrow(/has no folder "functions"/)
  expect(existsSync(join(folder, '.parley'))).toBe(false)
})

test('a world refuses nothing, however much its one user asks of it and however slow the machine is', async () => {
  const world = await openLocalWorld()
  onTestFinished(world.close)
  const session = await world.session()
  for (let burst = 0; burst < 4; burst += 1) {
    const many = Array.from({ length: 400 }, () => call(session, listInvocations))
    const answers = await Promise.allSettled(many)
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([])
  }
})
