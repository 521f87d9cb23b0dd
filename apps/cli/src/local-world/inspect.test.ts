import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeFileSync } from 'node:fs'
import { call } from '@parley/client'
import { changeAccountSettings, testFunction } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../server/testing/free-port.ts'
import { attachDebugger, limitFor, Paused } from './debugger.fixture.ts'
import { type LocalWorld, openLocalWorld } from './open-local-world.ts'
import { givenFolder } from './project.fixture.ts'
const SUM = `const lambda = ({ payload }) => {
  const total = payload.a + payload.b
  return total * 2
}
`

let world: LocalWorld
let folder: string
let removeFolder: () => void
let port: number
let ids: { sum: string; forever: string }

beforeAll(async () => {
  const given = givenFolder({
    sum: { code: SUM },
    forever: { code: 'const lambda = () => new Promise(() => {})' },
  })
  folder = given.folder
  removeFolder = given.remove
  world = await openLocalWorld({ folder, data: 'temporary' })
  const forever = (await world.deploy('forever')).functionId
  port = await freePort()
  ids = { sum: (await world.inspect('sum', port)).functionId, forever }
})
afterAll(async () => {
  await world.close()
  removeFolder()
})

const run = async (functionId: string, payload: unknown = {}) =>
  call(await world.session(), testFunction, { params: { functionId }, body: { payload } })

const limit = async (executionTimeMs: number) => {
  await call(await world.session(), changeAccountSettings, {
    body: { limits: { executionTimeMs } },
  })
}

test('a debugger stops at a line of the file, reads a variable and goes on, and no time passes', async () => {
  // It stands ready: what comes before the stop does not take the limit, which is long beside what a call takes here.
  expect(await run(ids.sum, { a: 1, b: 1 })).toMatchObject({ result: 4 })
  const { durationMs } = await run(ids.sum, { a: 1, b: 1 })
  await limit(limitFor(durationMs))
  using debug = await attachDebugger(port)
  await debug.ask('Debugger.enable')
  const url = pathToFileURL(join(folder, 'functions', 'sum', 'index.js')).href
  await debug.ask('Debugger.setBreakpointByUrl', { url, lineNumber: 2 })

  const running = run(ids.sum, { a: 1, b: 2 })
  const { callFrames } = Paused.parse(await debug.told('Debugger.paused'))
  // The limit of a call that has begun after the stop is over.
  expect(await run(ids.forever)).toMatchObject({ outcome: 'TIMEOUT' })
  const { callFrameId } = callFrames[0]
  const evaluated = await debug.ask('Debugger.evaluateOnCallFrame', {
    callFrameId,
    expression: 'total',
  })
  expect(evaluated).toMatchObject({ result: { type: 'number', value: 3 } })
  await debug.ask('Debugger.resume')

  expect(await running).toMatchObject({ outcome: 'SUCCEEDED', result: 6 })
})

test('without a stop the time limit of an inspected function holds, and its stack has its lines', async () => {
  writeFileSync(
    join(folder, 'functions', 'sum', 'index.js'),
    `const lambda = async ({ payload }) => {
  if (payload.wait) await new Promise(() => {})
  const refused = await fetch('http://127.0.0.1:${port}/json/list').catch(() => 'refused')
  const tries = [
    () => process.getBuiltinModule('net').connect(${port}, '127.0.0.1'),
    () => Deno.connect({ hostname: '127.0.0.1', port: ${port} }),
    () => new WebSocket('ws://127.0.0.1:${port}/'),
  ]
  const reached = []
  for (const attempt of tries) {
    try {
      const socket = await attempt()
      reached.push(await new Promise((resolve) => {
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
        if (!socket.on) return
        socket.on('connect', () => resolve('open'))
        socket.on('error', () => resolve('refused'))
      }))
    } catch { reached.push('refused') }
  }
  if (payload.fail) throw new Error('no')
  return [refused, ...reached]
}
`,
  )
  expect(await world.deploy('sum')).toMatchObject({ version: 2 })
  await limit(30_000)

  // Nobody inside reaches the debugger.
  expect(await run(ids.sum)).toMatchObject({
    result: ['refused', 'refused', 'refused', 'refused'],
  })
  expect(await run(ids.sum, { fail: true })).toMatchObject({
    outcome: 'CODING_FAILURE',
    stack: expect.stringMatching(/index\.js:22:27\)/),
  })
  await limit(3_000)
  expect(await run(ids.sum, { wait: true })).toMatchObject({ outcome: 'TIMEOUT' })
  await limit(30_000)
  // That instance has ended. The next call has one to which debuggers attach again.
  expect(await run(ids.sum, { fail: true })).toMatchObject({ outcome: 'CODING_FAILURE' })
  using debug = await attachDebugger(port)
  expect(await debug.ask('Debugger.enable')).toHaveProperty('debuggerId')
})
