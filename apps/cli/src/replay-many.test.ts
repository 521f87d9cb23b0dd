import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReplayedRun, ReplayJob } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '../../server/testing/index.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  home = mkdtempSync(join(tmpdir(), 'parley-replays-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

function start(words: string[]) {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), INIT_CWD: home }
  const child = spawn(process.execPath, [BIN, ...words], { env })
  const ran = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (ran.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (ran.stderr += data.toString()))
  const ended = new Promise<typeof ran & { code: number | null }>((resolve) =>
    child.once('close', (code) => resolve({ ...ran, code })),
  )
  return { child, ended }
}

function parley(words: string[], input = '') {
  const { child, ended } = start(words)
  child.stdin.end(input)
  return ended
}

test('replays of many runs are cancelled by Ctrl-C, resumed, and told as JSON', async () => {
  const { url, accountId, admin } = server
  const login = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  await parley(login, `${admin.password}\n`)
  const lambdas = lambdasOf(server)
  const source = (more: string) => `const lambda = ({ payload }) => { ${more} return payload.n }`
  const functionId = await lambdas.deployed(source(''), { name: 'counts' })
  for (let n = 0; n < 8; n += 1) await lambdas.invoke(functionId, { n })

  const same = await parley(['replay', '--last', '5', '--of', 'counts'])
  expect(same).toEqual({
    code: 0,
    stdout: '5 runs: 5 the same, 0 different, 0 not replayed\n',
    stderr: '',
  })
  expect(await parley(['replay', '--last', '5', '--of', 'counts', '--on', 'drafts'])).toMatchObject(
    {
      code: 1,
      stderr: expect.stringContaining('--on: must be draft, deployed, recorded or a whole number'),
    },
  )
  const allowed = ['replay', '--last', '5', '--of', 'counts', '--calls', 'allowed']
  expect((await parley(allowed)).stderr).toContain('only for one run at a time')

  // Each replay computes until its time is over: the job is there long enough to be stopped.
  await lambdas.native('PATCH', '/settings', { limits: { executionTimeMs: 1_000 } })
  const code = source('if (payload.n > 0) for (;;);')
  await lambdas.native('PATCH', `/functions/${functionId}`, { code })
  const { child, ended } = start(['replay', '--last', '8', '--of', 'counts', '--on', 'draft'])
  const jobs = async () => {
    const reply = await lambdas.native('GET', `/replays?functionId=${functionId}`)
    return reply.json<{ jobs: ReplayJob[] }>().jobs
  }
  const done = async () => (await jobs()).find(({ total }) => total === 8)?.done ?? 0
  await expect.poll(done).toBeGreaterThan(0)
  child.kill('SIGINT')
  const stopped = await ended
  const [job] = await jobs()
  expect(job).toMatchObject({ state: 'cancelled', against: 'draft' })
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toContain(
    `of 8 runs are done. To go on: parley replay --resume ${job?.jobId}`,
  )

  const resumed = await parley(['replay', '--resume', job?.jobId ?? '', '--json'])
  expect(resumed).toMatchObject({ code: 1, stderr: '' })
  const told = JSON.parse(resumed.stdout) as { job: ReplayJob; runs: ReplayedRun[] }
  expect(told.job).toMatchObject({ state: 'done', total: 8, same: 1, different: 7 })
  expect(told.runs.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 7 }, () => 'TIMEOUT'),
  )
  expect((await parley(['replay', '--resume', job?.jobId ?? ''])).stdout).toMatch(
    /version 1 → 2 {2}TIMEOUT {2}\d+ different\n[^]*\n8 runs: 1 the same, 7 different, 0 not replayed\n$/,
  )
})
