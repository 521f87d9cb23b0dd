import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openLogger, systemClock } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openTls } from '#base/tls'
import { freePort, openDatabaseProxy, openSmallDisk } from '#testing'
import { givenFolder, quietSettings, refused, started } from './start.fixture.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')

test.each(['--help', '-h'])('%s says how the server is started, and starts none', (option) => {
  const data = join(givenFolder(), 'data')

  const { status, stdout, stderr } = refused({ PARLEY_DATA: data }, option)

  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^Usage: npm start\n/)
  expect(stdout).toContain('  PARLEY_PORT        HTTP and WebSocket; 0 takes a free port\n')
  expect(existsSync(data)).toBe(false)
})

test('an unknown option is refused before anything is made', () => {
  const data = join(givenFolder(), 'data')

  expect(refused({ PARLEY_DATA: data }, '--port=80')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'Cannot start: unknown option --port=80; --help says how the server is started\n',
  })
  expect(existsSync(data)).toBe(false)
})

test('a port in use is refused before anything is made', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const port = String((other.address() as AddressInfo).port)
  const data = join(givenFolder(), 'data')

  expect(refused({ PARLEY_PORT: port, PARLEY_TLS_PORT: '0', PARLEY_DATA: data })).toEqual({
    status: 1,
    stdout: '',
    stderr: `Cannot start:\n  PARLEY_PORT=${port}: the port is in use on 127.0.0.1; end the program that has it, or set PARLEY_PORT to another one\n`,
  })
  expect(existsSync(data)).toBe(false)
})

test('a start right after a kill takes over port, folder and database', async () => {
  const port = await freePort()
  const settings = quietSettings(port)
  const first = await started(settings)
  first.child.kill('SIGKILL')

  const second = await started(settings)

  expect(second.said()).not.toContain('Cannot start')
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  second.child.kill('SIGTERM')
  expect(await second.ended).toEqual([0, null])
  await first.ended
})

test('the commands that a start prints work as they are printed, whichever folder and port it has', async () => {
  const folder = givenFolder()
  const data = join(folder, "Ada's data")
  const port = await freePort()
  const server = await started({ ...quietSettings(port), PARLEY_DATA: data })
  await server.heard('To stop: Ctrl-C')
  const printed = (end: string) => {
    const line =
      server
        .said()
        .split('\n')
        .find((one) => one.includes(end)) ?? ''
    return line.slice(line.indexOf('PARLEY_DATA='), line.indexOf(end) + end.length)
  }
  const home = `XDG_CACHE_HOME=${folder}/cache XDG_CONFIG_HOME=${folder}/config`
  const run = (command: string) =>
    spawnSync(`${home} ${command}`, { shell: true, cwd: REPOSITORY, encoding: 'utf8' })

  expect(run(printed('npm run parley -- trust'))).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('export NODE_EXTRA_CA_CERTS='),
  })
  expect(run(printed('npm run parley -- logs'))).toMatchObject({ status: 0 })
  expect(printed('npm run demo')).toContain(`PARLEY_PORT=${port} npm run demo`)
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test('a server whose terminal was closed lets what is running finish, as after a Ctrl-C', async () => {
  const server = await started(quietSettings(await freePort()))

  server.child.kill('SIGHUP')

  expect(await server.ended).toEqual([0, null])
  expect(server.said()).toMatch(
    /^Stopping because the terminal [^:\n]+ setsid npm start [^:\n]+: what is running may finish/m,
  )
})

test('a server stops in order when the Ctrl-C has ended the reader of its output first', async () => {
  const server = await started(quietSettings(await freePort()))
  server.child.stdout?.destroy()
  server.child.stderr?.destroy()

  server.child.kill('SIGTERM')

  expect(await server.ended).toEqual([0, null])
})

test('a server whose log lies on a full disk serves, and stops in order', async () => {
  const port = await freePort()
  const settings = { ...quietSettings(port), PARLEY_LOG_LEVEL: 'trace' }
  const server = await started(settings, openSync('/dev/full', 'w'))

  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  server.child.kill('SIGTERM')

  expect(await server.ended).toEqual([0, null])
})

test('a first start names every page, and each is there', async () => {
  const server = await started(quietSettings(await freePort()))
  await server.heard('To stop: Ctrl-C')

  const [, pages = ''] = /Open in a browser\n(.*?)\n\n/s.exec(server.said()) ?? []
  const named = [...pages.matchAll(/^ {2}(.+?) {2,}(http\S+)$/gm)]
  expect(named.map(([, name]) => name)).toEqual([
    'Console',
    'Agent workspace',
    'Consumer page',
    'API page',
    'Health',
  ])
  for (const [, , address = ''] of named) {
    // Until the console is built, its page says so.
    await expect
      .poll(async () => ({ address, status: (await fetch(address)).status }))
      .toEqual({ address, status: 200 })
  }
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test('while the database is away the log says why, in one line each, and no retry repeats it', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  using proxy = await openDatabaseProxy(database.url)
  const settings = { ...quietSettings(await freePort()), PARLEY_LOG_LEVEL: 'info' }
  const server = await started({ ...settings, DATABASE_URL: proxy.url })

  proxy.close()
  await server.heard('The database does not answer')
  await server.heard('Cannot listen to the other nodes')
  await proxy.open()
  await server.heard('Listening to the other nodes again')

  expect(server.said()).toContain('"message":"The database cannot be reached: connect ECONNREFUSED')
  expect(server.said()).not.toContain('"stack"')
  expect(server.said().match(/Cannot listen to the other nodes/g)).toHaveLength(1)
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test('a start warns of a public address with a path', async () => {
  const port = await freePort()
  const PARLEY_PUBLIC_URL = `http://127.0.0.1:${port}/parley`
  const server = await started({
    ...quietSettings(port),
    PARLEY_LOG_LEVEL: 'warn',
    PARLEY_PUBLIC_URL,
  })

  await server.heard('give Parley a host of its own')
  expect(server.said()).toContain(`PARLEY_PUBLIC_URL=${PARLEY_PUBLIC_URL} has a path`)
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test('a start warns of a data folder whose disk is nearly full', async ({ skip }) => {
  using disk = openSmallDisk(600)
  if (!disk) return skip('this user may not mount a disk')

  const server = await started({
    PARLEY_PORT: String(await freePort()),
    PARLEY_TLS_PORT: '0',
    PARLEY_DATA: join(disk.folder, 'data'),
    PARLEY_LOG_LEVEL: 'warn',
  })

  await server.heard('MB left')
  expect(server.said()).toMatch(/The disk of \S+\/data has only \d+ MB left/)
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test.each(['file/data', '/proc/parley', '/proc'])('the data folder %s cannot be made', (name) => {
  const folder = givenFolder()
  writeFileSync(join(folder, 'file'), '')
  const data = name.startsWith('/') ? name : join(folder, name)

  const { status, stderr } = refused({ PARLEY_DATA: data })

  expect(status).toBe(1)
  expect(stderr).toMatch(
    `Cannot start:\n  PARLEY_DATA=${data}: must be a folder that can be made and written: `,
  )
})

test('what nobody has foreseen begins as every refusal', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const data = givenFolder()
  mkdirSync(join(data, 'first-run.json'))

  const { status, stderr } = refused({
    PARLEY_DATA: data,
    PARLEY_LOG_LEVEL: 'fatal',
    DATABASE_URL: database.url,
  })

  expect(status).toBe(1)
  expect(stderr).toMatch(/^Cannot start: EISDIR: .*first-run\.json.*\n$/)
})

test('a certificate that is not there, and an address of another machine, are refused together', () => {
  const folder = givenFolder()
  const missing = join(folder, 'cert.pem')

  const { status, stderr } = refused({
    PARLEY_DATA: join(folder, 'data'),
    PARLEY_HOST: 'nowhere.invalid',
    PARLEY_TLS_CERT: missing,
    PARLEY_TLS_KEY: missing,
  })

  expect(status).toBe(1)
  expect(stderr).toMatch(
    /PARLEY_HOST=nowhere\.invalid: must be an address or a name of this machine/,
  )
  expect(stderr).toContain(`PARLEY_TLS_CERT=${missing}: must be a file that can be read`)
  expect(readdirSync(folder)).toEqual([])
})

test('a certificate that cannot be used, or whose key is another one, is refused before anything is made', async () => {
  const folder = givenFolder()
  const tls = join(folder, 'tls')
  await openTls(
    { logger: openLogger('fatal'), wallClock: systemClock() },
    { folder: tls, names: [] },
  )
  const [certificate, key] = [join(tls, 'localhost.pem'), join(tls, 'vendor-ca.key')]
  const data = join(folder, 'data')
  const start = (PARLEY_TLS_CERT: string, PARLEY_TLS_KEY: string) =>
    refused({ PARLEY_DATA: data, PARLEY_TLS_CERT, PARLEY_TLS_KEY }).stderr

  expect(start(key, certificate)).toMatch(
    /PARLEY_TLS_CERT=.*: must be a certificate in PEM: it holds PRIVATE KEY\n {2}PARLEY_TLS_KEY=.*: must be a private key in PEM without a password: it holds CERTIFICATE\n/,
  )
  expect(start(certificate, key)).toBe(
    `Cannot start:\n  PARLEY_TLS_KEY=${key}: must be the key of the certificate in ${certificate}\n`,
  )
  const binary = join(tls, 'localhost.der')
  writeFileSync(binary, new X509Certificate(readFileSync(certificate)).raw)
  expect(start(binary, join(tls, 'localhost.key'))).toContain(
    `PARLEY_TLS_CERT=${binary}: must be a certificate in PEM: `,
  )
  const chain = join(tls, 'chain.pem')
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  writeFileSync(chain, `${readFileSync(certificate, 'utf8')}\n${broken}`)
  expect(start(chain, join(tls, 'localhost.key'))).toMatch(
    /^Cannot start:\n {2}PARLEY_TLS_CERT=.*chain\.pem: must be a chain that TLS can use: one of its certificates cannot be read\n$/,
  )
  expect(existsSync(data)).toBe(false)
})
