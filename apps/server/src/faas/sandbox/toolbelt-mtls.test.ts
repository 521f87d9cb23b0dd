import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '#testing'
import { makeCertificates } from './certificates.fixture.ts'
import { openToolbeltBench, type ToolbeltBench } from './toolbelt-bench.fixture.ts'

/** openssl plays the server that demands a certificate, and makes the certificates. */
let bench: ToolbeltBench
let server: ChildProcess
let port: number
const IP = 'IP:127.0.0.1'
const certificates = makeCertificates({ server: IP, client: IP })
const { pem } = certificates

beforeAll(async () => {
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
    { cwd: certificates.dir, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  await new Promise((resolve) => server.stdout?.once('data', resolve))
  bench = await openToolbeltBench([`127.0.0.1:${port}`])
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  server.kill('SIGKILL')
  certificates[Symbol.dispose]()
})

const client = (options: string) => `Toolbelt.MTLSClient({
  cert: ${JSON.stringify(pem('client.pem'))}, key: ${JSON.stringify(pem('client.key'))}, ${options} })`

test('MTLSClient shows its certificate and checks the one of the server', async () => {
  const get = `const r = await ${client(`ca: ${JSON.stringify(pem('ca.pem'))}`)}.get('https://127.0.0.1:${port}/')
    return [r.statusCode, /Client certificate/.test(r.body) && /CN ?= ?client/.test(r.body)]`
  expect(await bench.evaluate(get)).toEqual([200, true])
})

test('MTLSClient refuses a self-signed server, unless allowSelfSigned is set', async () => {
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

test('MTLSClient sends nothing without TLS, where nobody would be shown its certificate', async () => {
  expect(await bench.evaluate(`return ${client('')}.get(base)`)).toMatchObject({
    failed: { message: 'The address must begin with https://, not with http:' },
  })
})
