import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openToolbeltBench, type ToolbeltBench } from './testing-toolbelt.ts'

/** openssl plays the server that demands a certificate, and makes the certificates. */
let bench: ToolbeltBench
let server: ChildProcess
let port: number
const dir = mkdtempSync(join(tmpdir(), 'parley-test-'))
const pem = (name: string) => readFileSync(join(dir, name), 'utf8')

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

beforeAll(async () => {
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test')
  for (const name of ['server', 'client']) {
    openssl(
      'req',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    )
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-out',
      `${name}.pem`,
    )
  }
  port = await freePort()
  server = spawn(
    'openssl',
    [
      's_server',
      '-accept',
      `127.0.0.1:${port}`,
      '-cert',
      'server.pem',
      '-key',
      'server.key',
      '-CAfile',
      'ca.pem',
      '-Verify',
      '1',
      '-verify_return_error',
      '-www',
    ],
    { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  await new Promise((resolve) => server.stdout?.once('data', resolve))
  bench = await openToolbeltBench([`127.0.0.1:${port}`])
}, 60_000)
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  server.kill('SIGKILL')
  rmSync(dir, { recursive: true })
})

const client = (options: string) => `Toolbelt.MTLSClient({
  cert: ${JSON.stringify(pem('client.pem'))}, key: ${JSON.stringify(pem('client.key'))}, ${options} })`

test('MTLSClient shows its certificate and checks the one of the server', async () => {
  const get = `const r = await ${client(`ca: ${JSON.stringify(pem('ca.pem'))}`)}.get('https://127.0.0.1:${port}/')
    return [r.statusCode, /Client certificate/.test(r.body) && /CN ?= ?client/.test(r.body)]`
  expect(await bench.evaluate(get)).toEqual([200, true])
})

test('MTLSClient refuses a server that nobody signed, unless it is told not to', async () => {
  const url = `https://127.0.0.1:${port}/`
  expect(await bench.evaluate(`return ${client('')}.get('${url}')`)).toHaveProperty('failed')
  const allowed = `return (await ${client('')}.get('${url}', {}, undefined, { allowSelfSigned: true })).statusCode`
  expect(await bench.evaluate(allowed)).toBe(200)
})

test('MTLSClient throws at once when a certificate is malformed', async () => {
  expect(await bench.evaluate('return Toolbelt.MTLSClient({ cert: "x", key: "y" })')).toMatchObject(
    {
      failed: { message: expect.stringMatching(/^The given cert is malformed/) },
    },
  )
})
