import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  openConsumerSocket,
  startTestServer,
} from '../../server/testing/index.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')

test('parley replay --apply tells the consumer after all, once', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const home = mkdtempSync(join(tmpdir(), 'parley-apply-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), INIT_CWD: home }
  async function parley(words: string[], input = '') {
    const child = spawn(process.execPath, [BIN, ...words], { env })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    child.stdin.end(input)
    const code = await new Promise((resolve) => child.once('close', resolve))
    return { code, stdout, stderr }
  }
  const { url, accountId, admin } = scene
  const login = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  await parley(login, `${admin.password}\n`)

  const event = 'controllerbot_messaging_new_conversation'
  const functionId = await givenFunction(scene, event, `throw new Error('broken')`)
  await using consumer = await openConsumerSocket(scene, {})
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await scene.clock.advance(60_000)
  const failed = async () => {
    const path = `invocations?functionId=${functionId}`
    return (await call<{ invocations: { recordId: string }[] }>(scene, 'GET', path)).invocations
  }
  await expect.poll(async () => (await failed()).length).toBe(4)
  const recordId = (await failed()).at(-1)?.recordId ?? ''
  const code = `function lambda(input, callback) { callback(null, { type: 'systemMessage', text: 'Mended' }) }`
  await call(scene, 'PATCH', `functions/${functionId}`, { code })

  const again = await parley(['replay', recordId, '--apply'])
  expect(again).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('no command was applied'),
  })
  const done = await parley(['replay', recordId, '--on', 'draft', '--apply'])
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('\n  systemMessage applied\n'),
  })
  await consumer.message(conversationId, ({ text }) => text === 'Mended')
  const twice = await parley(['replay', recordId, '--on', 'draft', '--apply'])
  expect(twice).toMatchObject({ code: 1, stdout: expect.stringContaining('were applied already') })
  const mixed = await parley(['replay', recordId, '--apply', '--calls', 'blocked'])
  expect(mixed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--apply: not with --calls'),
  })
})
