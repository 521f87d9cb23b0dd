import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../e2e/live/eventually.ts'
import { givenProject } from './local-world/project.fixture.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const NEW = 'controllerbot_messaging_new_conversation'
const SILENT = 'const lambda = () => []'

function start(folder: string, words: string[]) {
  const home = join(tmpdir(), 'parley-no-home')
  const child = spawn(process.execPath, [BIN, ...words], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, INIT_CWD: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { text: '' }
  child.stdout.on('data', (data: Buffer) => (said.text += data.toString()))
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(said.text)))
  return { child, said, ended }
}

async function startDev(folder: string) {
  const dev = start(folder, ['dev'])
  const isUp = () => dev.said.text.includes('watching') || dev.child.exitCode !== null
  await eventually('The start of the world', () => isUp() || undefined)
  return dev
}

/** What `parley dev` says until it watches, and the functions that there are then. */
async function runDev(folder: string): Promise<{ said: string; functions: string[] }> {
  const dev = await startDev(folder)
  const listed = await start(folder, ['functions', '--json']).ended
  dev.child.kill('SIGTERM')
  const functions = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name)
  return { said: await dev.ended, functions: functions.toSorted() }
}

function writeFunction(folder: string, name: string, config: object): void {
  const own = join(folder, 'functions', name)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'index.js'), SILENT)
  writeFileSync(join(own, 'config.json'), JSON.stringify(config))
}

test('what has changed while parley dev was not running counts: folders that are gone, moved, or called otherwise', async () => {
  const folder = givenProject({
    first: { code: SILENT, config: { event: NEW } },
    moved: { code: SILENT, config: { name: 'kept' } },
    sum: { code: SILENT },
  })
  const before = await runDev(folder)
  expect(before.functions).toEqual(['first', 'greeting', 'kept', 'sum'])

  rmSync(join(folder, 'functions', 'first'), { recursive: true })
  writeFunction(folder, 'second', { event: NEW })
  rmSync(join(folder, 'functions', 'moved'), { recursive: true })
  writeFunction(folder, 'here', { name: 'kept' })
  writeFunction(folder, 'sum', { name: 'total' })
  const after = await runDev(folder)

  expect(after.functions).toEqual(['greeting', 'kept', 'second', 'total'])
  expect(after.said).toContain('first is removed')
  expect(after.said).toContain('sum is removed')
  expect(after.said).not.toContain('kept is removed')
  expect(after.said).toMatch(new RegExp(`second +version 1, ${NEW}`))
})

test('the one function of an event makes room for the one that its folder is called now, and for that of another folder', async () => {
  const folder = givenProject({ first: { code: SILENT, config: { event: NEW } } })
  const { said } = await startDev(folder)
  const config = (own: string) => join(folder, 'functions', own, 'config.json')

  writeFileSync(config('first'), 'const')
  await expect.poll(() => said.text).toContain('first is not reloaded')
  writeFileSync(config('first'), JSON.stringify({ name: 'renamed', event: NEW }))
  await expect.poll(() => said.text).toMatch(/renamed reloaded in \d+ ms/)
  await expect.poll(() => said.text).toContain('first is removed')

  writeFunction(folder, 'second', { event: NEW })
  rmSync(join(folder, 'functions', 'first'), { recursive: true })
  await expect.poll(() => said.text).toMatch(/second reloaded in \d+ ms/)
  expect(said.text).toContain('renamed is removed')
})
