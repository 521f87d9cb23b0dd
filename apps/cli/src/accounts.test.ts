import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startHttpSite, startTestServer, type TestServer } from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'
import { PATIENT_SERVER } from '../../server/testing/patience.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const KEY = 'the-key-of-the-operator-in-tests-1'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { PARLEY_OPERATOR_KEY: KEY } })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

function accounts(
  words: string[],
  env: Record<string, string> = {},
  url = server.url,
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, 'accounts', ...words, '--url', url], {
    env: { ...process.env, PARLEY_OPERATOR_KEY: KEY, ...env },
  })
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (ran.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (ran.stderr += data.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ran, code })))
}

const logIn = (accountId: string, loginName: string, password: string) =>
  server.request('POST', `/api/v1/accounts/${accountId}/sessions`, {
    body: { loginName, password },
  })

test('the operator makes an account and lists it', async () => {
  const made = await accounts(['make', 'shop', '--name', 'The shop', '--admin', 'ada'])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  const [, password = ''] = /Password +(\S+)/.exec(made.stdout) ?? []
  expect((await logIn('shop', 'ada', password)).status).toBe(201)

  const listed = await accounts(['list'])
  expect(listed.stdout).toMatch(/^shop +active +\d{4}-\d\d-\d\d +The shop$/m)
  const asJson = await accounts(['list', '--json'])
  expect(JSON.parse(asJson.stdout)).toContainEqual(
    expect.objectContaining({ accountId: 'shop', state: 'active' }),
  )
  const again = await accounts(['make', 'shop'])
  expect(again).toMatchObject({ code: 1, stderr: 'There is an account "shop" already\n' })
})

test('the operator suspends an account and resumes it', async () => {
  const made = await accounts(['make', 'paused'])
  const [, password = ''] = /Password +(\S+)/.exec(made.stdout) ?? []
  const suspended = await accounts(['suspend', 'paused', '--reason', 'unpaid'])
  expect(suspended).toMatchObject({ code: 0, stdout: 'Account paused is suspended\n' })
  const refused = await logIn('paused', 'admin', password)
  expect(refused.json()).toMatchObject({ error: { code: 'account_suspended' } })
  expect((await accounts(['list'])).stdout).toMatch(/^paused +suspended/m)
  await accounts(['resume', 'paused'])
  expect((await logIn('paused', 'admin', password)).status).toBe(201)
  const unknown = await accounts(['suspend', 'nobody'])
  expect(unknown).toMatchObject({ code: 1, stderr: 'There is no account "nobody"\n' })
})

test('the operator exports an account to a file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-export-'))
  const to = join(folder.path, 'shop.jsonl')
  await accounts(['make', 'exported'])
  const done = await accounts(['export', 'exported', '--to', to])
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+ rows of account exported are in /),
  })
  const lines = readFileSync(to, 'utf8').trim().split('\n')
  expect(lines.at(0)).toContain('"format":"parley-account-1"')
  expect(lines.at(-1)).toContain('"end":true')
  expect(readdirSync(folder.path)).toEqual(['shop.jsonl'])
  const unknown = await accounts(['export', 'nobody', '--to', to])
  expect(unknown).toMatchObject({ code: 1, stderr: 'There is no account "nobody"\n' })
})

test('an export goes into a pipe, and through a link, and leaves them what they are', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-export-'))
  const path = (name: string) => join(folder.path, name)
  await accounts(['make', 'piped'])
  await promisify(execFile)('mkfifo', [path('pipe')])
  symlinkSync('there.jsonl', path('link'))
  writeFileSync(path('there.jsonl'), 'former')

  const [read, piped] = await Promise.all([
    readFile(path('pipe'), 'utf8'),
    accounts(['export', 'piped', '--to', path('pipe')]),
  ])
  const linked = await accounts(['export', 'piped', '--to', path('link')])

  expect([piped, linked]).toMatchObject([{ code: 0, stdout: '' }, { code: 0 }])
  for (const archive of [read, readFileSync(path('there.jsonl'), 'utf8')]) {
    expect(archive.trim().split('\n').at(-1)).toContain('"end":true')
  }
  expect([lstatSync(path('pipe')).isFIFO(), readlinkSync(path('link'))]).toEqual([
    true,
    'there.jsonl',
  ])
  expect(readdirSync(folder.path).toSorted()).toEqual(['link', 'pipe', 'there.jsonl'])
})

test('an export that cannot be written is refused before the server notes one; one that is cut off leaves no file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-export-'))
  const words = ['export', 'unwritten', '--to', 'missing/shop.jsonl']
  await accounts(['make', 'unwritten'])
  const file = join(folder.path, 'missing', 'shop.jsonl')
  const unwritten = await accounts(words, { INIT_CWD: folder.path })
  expect(unwritten).toMatchObject({
    code: 1,
    stderr: `--to ${file}: cannot be written: there is no folder ${join(folder.path, 'missing')}: make it, or name another file\n`,
  })
  const onFolder = await accounts(['export', 'unwritten', '--to', folder.path])
  expect(onFolder).toMatchObject({
    code: 1,
    stderr: `--to ${folder.path}: cannot be written: it is a folder: name a file\n`,
  })
  const noted = await server.request('GET', '/api/v1/operator/entries', { bearer: KEY })
  const { entries } = noted.json<{ entries: { accountId: string; action: string }[] }>()
  const ofAccount = entries.filter(({ accountId }) => accountId === 'unwritten')
  expect(ofAccount.map(({ action }) => action)).toEqual(['account.created'])

  const cutOff = createServer(PATIENT_SERVER, (_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"format":"parley-account-1"}\n{"table":', () => response.destroy())
  })
  await new Promise<void>((resolve) => cutOff.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void cutOff.close())
  const { port } = cutOff.address() as AddressInfo
  const to = join(folder.path, 'shop.jsonl')
  const url = `http://127.0.0.1:${port}`
  expect(await accounts(['export', 'shop', '--to', to], {}, url)).toMatchObject({
    code: 1,
    stderr: `The export was cut off, and ${to} is not written: run it again\n`,
  })
  expect(readdirSync(folder.path)).toEqual([])
})

test('an export that runs keeps what it has while another one to the same file is refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-export-'))
  const to = join(folder.path, 'shop.jsonl')
  const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let asked = 0
  await using site = await startHttpSite((_request, answer) => {
    asked += 1
    if (asked > 1) {
      answer.writeHead(429, { 'content-type': 'application/json' })
      answer.end('{"error":{"code":"rate_limited","message":"Another export runs on this node"}}')
      return
    }
    answer.write('{"format":"parley-account-1"}\n')
    begun.resolve()
    void goOn.promise.then(() => answer.end('{"end":true}\n'))
  })
  const first = accounts(['export', 'shop', '--to', to], {}, site.origin)
  await begun.promise
  const second = await accounts(['export', 'shop', '--to', to], {}, site.origin)
  expect(second).toMatchObject({ code: 1, stderr: 'Another export runs on this node\n' })
  goOn.resolve()
  expect(await first).toMatchObject({ code: 0, stdout: `0 rows of account shop are in ${to}\n` })
  expect(readdirSync(folder.path)).toEqual(['shop.jsonl'])
})

test('an export that is stopped by Ctrl-C leaves no file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-export-'))
  await using site = await startHttpSite((_request, answer) => {
    answer.write('{"format":"parley-account-1"}\n{"table":"user","row":{}}\n')
  })
  const words = ['accounts', 'export', 'shop', '--to', 'shop.jsonl', '--url', site.origin]
  const { child, ended } = commandLineOf(folder.path).start(words, { PARLEY_OPERATOR_KEY: KEY })
  await expect.poll(() => readdirSync(folder.path)).toHaveLength(1)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('Stopped: ') })
  expect(readdirSync(folder.path)).toEqual([])
})

test('the operator ends an account after its id was said once more', async () => {
  await accounts(['make', 'ended'])
  const active = await accounts(['end', 'ended', '--confirm', 'ended'])
  expect(active).toMatchObject({ code: 1, stderr: expect.stringContaining('suspend it first') })
  await accounts(['suspend', 'ended'])
  const unsure = await accounts(['end', 'ended'])
  expect(unsure).toMatchObject({ code: 1, stderr: expect.stringContaining('--confirm ended') })
  const done = await accounts(['end', 'ended', '--confirm', 'ended'])
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('is being ended') })
  expect((await accounts(['list'])).stdout).toMatch(/^ended +ending/m)
  await server.clock.advance(5 * 60_000)
  expect((await accounts(['list'])).stdout).not.toContain('ended')
})

test('a given password is not repeated', async () => {
  const password = 'a long pass phrase'
  const made = await accounts(['make', 'given'], { PARLEY_ADMIN_PASSWORD: password })
  expect(made.code).toBe(0)
  expect(made.stdout).not.toContain(password)
  expect((await logIn('given', 'admin', password)).status).toBe(201)
})

test('an only administrator who has lost the password is let in again', async () => {
  const given = { PARLEY_ADMIN_PASSWORD: 'the one that is lost' }
  await accounts(['make', 'lost', '--admin', 'ada'], given)
  const former = await logIn('lost', 'ada', given.PARLEY_ADMIN_PASSWORD)
  const { bearer } = former.json<{ bearer: string }>()

  const done = await accounts(['password', 'lost'])

  expect(done).toMatchObject({ code: 0, stderr: '' })
  const [, password = ''] = /Administrator +ada\n +Password +(\S+)\n/.exec(done.stdout) ?? []
  expect((await logIn('lost', 'ada', given.PARLEY_ADMIN_PASSWORD)).status).toBe(401)
  expect((await logIn('lost', 'ada', password)).status).toBe(201)
  const old = await server.request('GET', '/api/v1/accounts/lost/users', { bearer })
  expect(old.status).toBe(401)
  const other = await accounts(['password', 'lost', '--admin', 'agent'])
  expect(other).toMatchObject({
    code: 1,
    stderr: '"agent" is no enabled administrator of the account; these are ada\n',
  })
  expect(await accounts(['password', 'nobody'])).toMatchObject({
    code: 1,
    stderr: 'There is no account "nobody"\n',
  })
})

test('a wrong key, none, and a server without an operator are said clearly', async () => {
  const wrong = await accounts(['list'], { PARLEY_OPERATOR_KEY: 'x'.repeat(32) })
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain('PARLEY_OPERATOR_KEY must be the setting of the server')
  const none = await accounts(['list'], { PARLEY_OPERATOR_KEY: '' })
  expect(none.stderr).toContain('Set PARLEY_OPERATOR_KEY')
  await using plain = await startTestServer()
  const off = await accounts(['list'], {}, plain.url)
  expect(off).toMatchObject({
    code: 1,
    stderr: "The server has no operator's API: start it with the setting PARLEY_OPERATOR_KEY\n",
  })
})
