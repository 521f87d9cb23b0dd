import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENT_SERVER } from '../../server/testing/patience.ts'

const run = promisify(execFile)
const parley = join(import.meta.dirname, '..', 'bin', 'parley.js')
const server = createServer(PATIENT_SERVER, (request, response) =>
  response.end(request.headers.host),
)
let data: string

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'parley-with-'))
  mkdirSync(join(data, 'tls'))
  writeFileSync(join(data, 'tls', 'vendor-ca.pem'), '# of the vendor')
  writeFileSync(join(data, 'own.pem'), '# of the company')
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(data, { recursive: true, force: true })
})

function port(): string {
  const address = server.address()
  return String(typeof address === 'object' ? address?.port : '')
}

function runWith(options: string[], childArguments: string[]) {
  const words = ['with', '--data', data, ...options, '--', process.execPath, ...childArguments]
  return run(process.execPath, [parley, ...words])
}

/** What a child of `parley with` gets when it asks this address. */
async function ask(url: string): Promise<string> {
  const script = `
    require('node:http').get('${url}', (answer) => answer.pipe(process.stdout))
      .on('error', (error) => console.log(error.code))`
  const { stdout } = await runWith(['--port', port(), '--tls-port', '1'], ['-e', script])
  return stdout.trim()
}

test("a child's connections to the vendor's hosts lead to the server, under the name that was asked", async () => {
  expect(await ask('http://adminlogin.liveperson.net/')).toBe('adminlogin.liveperson.net')
})

test("a child's other connections are left alone", async () => {
  expect(await ask(`http://127.0.0.1:${port()}/`)).toBe(`127.0.0.1:${port()}`)
  expect(await ask('http://liveperson.net.invalid/')).toBe('ENOTFOUND')
})

test('a child that finds no server says once where it was looked for, and what to do', async () => {
  const script = `
    const ask = () => require('node:http').get('http://adminlogin.liveperson.net/')
      .on('error', ({ code }) => console.log(code))
    ask()
    ask()`
  const child = runWith(['--host', 'localhost', '--port', '1', '--tls-port', '1'], ['-e', script])

  await expect(child).resolves.toEqual({
    stdout: 'ECONNREFUSED\nECONNREFUSED\n',
    stderr:
      'parley with: no Parley answers at localhost, port 1 (ECONNREFUSED). Start it, or say where it is with --host, --port and --tls-port\n',
  })
})

test('the child runs in the folder from which npm was called', async () => {
  const words = ['with', '--data', data, '--', process.execPath, '-p', 'process.cwd()']
  const { stdout } = await run(process.execPath, [parley, ...words], {
    env: { ...process.env, INIT_CWD: data },
  })

  expect(stdout.trim()).toBe(realpathSync(data))
})

test('the child goes on trusting what its environment trusts', async () => {
  const script = 'console.log(fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS, "utf8"))'
  const words = ['with', '--data', data, '--', process.execPath, '-e', script]
  const { stdout } = await run(process.execPath, [parley, ...words], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(data, 'own.pem') },
  })

  expect(stdout).toContain('# of the company\n# of the vendor')
})

test('the exit code is the one of the child', async () => {
  const child = runWith([], ['-e', 'process.exit(3)'])

  await expect(child).rejects.toMatchObject({ code: 3 })
})

test('a data directory without a server says what to do', async () => {
  const child = run(process.execPath, [parley, 'with', '--data', '/nowhere', '--', 'true'])

  await expect(child).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('start Parley first'),
  })
})
