import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

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

const parley = (folder: string) =>
  run(process.execPath, [BIN, 'run', folder, '--data', CACHE], { cwd: tmpdir() })

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
