import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReplayJob } from '@parley/contract'
import { expect, onTestFinished, test } from 'vitest'
import {
  lambdasOf,
  openTcpProxy,
  startTestServer,
  type TestServer,
} from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'

async function loggedIn({ accountId, admin }: TestServer, url: string) {
  const home = mkdtempSync(join(tmpdir(), 'parley-refused-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const line = commandLineOf(home)
  const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  await line.parley(words, `${admin.password}\n`)
  return line
}

test('a run that cannot be repeated is told by the sentence of the server alone', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { parley } = await loggedIn(server, server.url)
  const lambdas = lambdasOf(server)
  await lambdas.native('PATCH', '/settings', { recordings: { policy: 'metadata' } })
  const functionId = await lambdas.deployed('const lambda = () => 1', { name: 'one' })
  await lambdas.invoke(functionId, {})
  const page = async () => {
    const reply = await lambdas.native('GET', `/invocations?functionId=${functionId}`)
    return reply.json<{ invocations: { recordId: string }[] }>().invocations
  }
  await expect.poll(async () => (await page()).length).toBe(1)
  const recordId = (await page())[0]?.recordId ?? ''

  expect(await parley(['replay', recordId])).toEqual({
    code: 2,
    stdout: `${recordId}  not replayed: Invocation "${recordId}" cannot be replayed: the account does not keep what a replay needs (setting recordings.policy)\n`,
    stderr: '',
  })
  expect(await parley(['replay', recordId, '--apply'])).toEqual({
    code: 1,
    stdout: `${recordId}  not replayed: The run "${recordId}" was not for an event of a conversation\n`,
    stderr: '',
  })
  for (const [option, ...value] of [['--apply'], ['--draft'], ['--on', '1'], ['--of', 'one']]) {
    const words = ['replay', '--resume', recordId, option ?? '', ...value]
    const refused = `--resume: not with ${option}, the job goes on as it began\n`
    expect(await parley(words)).toMatchObject({ code: 1, stderr: refused })
  }
})

test('who watches many replays learns how to see the rest: while they run, and when it is out of reach', async () => {
  await using server = await startTestServer({ clock: 'system' })
  using proxy = await openTcpProxy(() => createConnection(server.port, '127.0.0.1'))
  const { parley, start } = await loggedIn(server, `http://127.0.0.1:${proxy.port}`)
  const lambdas = lambdasOf(server)
  const source = (more: string) => `const lambda = ({ payload }) => { ${more} return payload.n }`
  const functionId = await lambdas.deployed(source(''), { name: 'counts' })
  for (let n = 0; n < 8; n += 1) await lambdas.invoke(functionId, { n })
  // Each replay computes until its time is over: the job is there long enough.
  await lambdas.native('PATCH', '/settings', { limits: { executionTimeMs: 5_000 } })
  await lambdas.native('PATCH', `/functions/${functionId}`, { code: source('for (;;);') })

  const { child, ended } = start(['replay', '--last', '8', '--of', 'counts', '--on', 'draft'])
  child.stdin.end()
  const jobs = async () => {
    const reply = await lambdas.native('GET', `/replays?functionId=${functionId}`)
    return reply.json<{ jobs: ReplayJob[] }>().jobs
  }
  await expect.poll(async () => (await jobs()).length).toBe(1)
  const jobId = (await jobs())[0]?.jobId ?? ''
  expect(await parley(['replay', '--last', '1', '--of', 'counts'])).toMatchObject({
    code: 1,
    stderr: `Replay job "${jobId}" of this function still runs: watch it by parley replay --resume ${jobId}, or wait for its end\n`,
  })
  proxy.close()
  expect(await ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `The job goes on in the server. To see what it finds: parley replay --resume ${jobId}\n`,
    ),
  })
})
