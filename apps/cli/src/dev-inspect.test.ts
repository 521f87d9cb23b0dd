import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { call, login } from '@parley/client'
import { changeAccountSettings, listFunctions, testFunction } from '@parley/contract'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../e2e/live/eventually.ts'
import { freePort } from '../../server/testing/free-port.ts'
import { attachDebugger, limitFor, Paused } from './local-world/debugger.fixture.ts'
import { givenProject } from './local-world/project.fixture.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const SUM = `const lambda = ({ payload }) => {
  const total = payload.a + payload.b
  return total * 2
}
`

function start(words: string[], project: string, home: string) {
  const child = spawn(process.execPath, [BIN, ...words], {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, INIT_CWD: project },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, said, ended }
}

test('parley dev --inspect: a breakpoint holds an event and its time limit, and the answer comes after it, wherever the data are', async () => {
  const project = givenProject({
    sum: { code: SUM },
    forever: { code: 'const lambda = () => new Promise(() => {})' },
  })
  const home = mkdtempSync(join(tmpdir(), 'parley-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const port = await freePort()
  // Its other commands find a world whose data are not in the project.
  const words = ['dev', '--data', 'temporary', '--inspect', 'sum', '--inspect-port', `${port}`]
  const dev = start(words, project, home)
  onTestFinished(() => void dev.child.kill('SIGKILL'))
  const isUp = () => dev.said.stdout.includes('watching') || dev.child.exitCode !== null
  await eventually('The start of the world', () => isUp() || undefined)
  expect(dev.said.stdout).toContain(`sum waits for debuggers at 127.0.0.1:${port}`)

  const [, url = ''] = /Consumer page +(http:\/\/127\.0\.0\.1:\d+)/.exec(dev.said.stdout) ?? []
  const [, user = '', password = ''] = /Administrator +(\S+) \/ (\S+)/.exec(dev.said.stdout) ?? []
  const session = await login({ url, accountId: '12345678' }, { user, password })
  const { functions } = await call(session, listFunctions)
  const test = (name: string, payload: object) => {
    const functionId = functions.find((one) => one.name === name)!.functionId
    return call(session, testFunction, { params: { functionId }, body: { payload } })
  }
  // It stands ready: what comes before the stop does not take the limit, which is long beside what a call takes here.
  expect(await test('sum', { a: 1, b: 1 })).toMatchObject({ result: 4 })
  const { durationMs } = await test('sum', { a: 1, b: 1 })
  const executionTimeMs = limitFor(durationMs)
  await call(session, changeAccountSettings, { body: { limits: { executionTimeMs } } })

  using debug = await attachDebugger(port)
  await debug.ask('Debugger.enable')
  const file = pathToFileURL(join(project, 'functions/sum/index.js')).href
  await debug.ask('Debugger.setBreakpointByUrl', { url: file, lineNumber: 2 })
  const set = ['--set', 'payload.a=1', '--set', 'payload.b=2']
  const payload = ['--payload', 'sum.json']
  writeFileSync(join(project, 'sum.json'), JSON.stringify({ a: 0, b: 0 }))
  const raised = start(['trigger', '--function', 'sum', ...payload, ...set], project, home)
  const { callFrames } = Paused.parse(await debug.told('Debugger.paused'))
  // The limit of a call that has begun after the stop is over.
  expect(await test('forever', {})).toMatchObject({ outcome: 'TIMEOUT' })
  const expression = { callFrameId: callFrames[0].callFrameId, expression: 'total' }
  const evaluated = await debug.ask('Debugger.evaluateOnCallFrame', expression)
  expect(evaluated).toMatchObject({ result: { type: 'number', value: 3 } })
  expect(raised.child.exitCode).toBe(null)
  await debug.ask('Debugger.resume')

  expect(await raised.ended).toBe(0)
  expect(raised.said.stdout).toContain('result 6')
  dev.child.kill('SIGINT')
  expect(await dev.ended).toBe(0)
  expect(existsSync(join(project, '.parley'))).toBe(false)
})
