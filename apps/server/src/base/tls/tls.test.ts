import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:https'
import { type AddressInfo, isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type Clock, type Logger, openLogger, systemClock, virtualClock } from '#base/kernel'
import { type Identity, makeLeaf } from './certificate.ts'
import { openTls, type Tls, type TlsConfig } from './index.ts'
import { PATIENT_SERVER } from '#testing'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const wallClock = systemClock()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A logger that keeps what it says. */
function listeningLogger() {
  const said: string[] = []
  const hear = (...words: unknown[]) => void said.push(String(words.at(-1)))
  const logger = Object.assign(Object.create(openLogger('fatal')) as Logger, {
    info: hear,
    warn: hear,
    error: hear,
  })
  return { logger, said }
}

async function givenTls(config: Partial<TlsConfig> = {}, clock: Clock = wallClock) {
  const { logger, said } = listeningLogger()
  const tls = await openTls({ logger, wallClock: clock }, { folder, names: [], ...config })
  onTestFinished(() => tls[Symbol.dispose]())
  return Object.assign(tls, { said })
}

async function listening(options: Tls['options'] | { cert: string; key: string }) {
  const server = createServer({ ...PATIENT_SERVER, ...options }, (_, response) =>
    response.end('secure'),
  )
  if ('onRenewed' in options) options.onRenewed((standard) => server.setSecureContext(standard))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** The certificate that a server presents, whatever the client thinks of it. */
async function presented(server: Server, servername?: string): Promise<X509Certificate> {
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const found = socket.getPeerX509Certificate()
  socket.destroy()
  if (!found) throw new Error('The server presented no certificate')
  return found
}

/** What a client that trusts only `ca` gets from a server with these options when it asks for `name`. */
async function handshake(
  options: Tls['options'] | { cert: string; key: string },
  name: string,
  ca: string,
) {
  const server = await listening(options)
  const address = server.address()
  try {
    return await new Promise<string>((resolve) => {
      const port = typeof address === 'object' ? address?.port : 0
      const isAddress = isIP(name) !== 0
      request(
        {
          host: '127.0.0.1',
          port,
          ca,
          agent: false,
          ...(isAddress
            ? {
                checkServerIdentity: (_: string, peer: PeerCertificate) =>
                  checkServerIdentity(name, peer),
              }
            : { servername: name }),
        },
        (response) => response.on('data', (data: Buffer) => resolve(data.toString())),
      )
        .on('error', (error) => resolve(error.message))
        .end()
    })
  } finally {
    server.close()
  }
}

test("this machine's names are vouched for by the authority that users trust", async () => {
  const tls = await givenTls({ names: ['parley.example'] })

  for (const name of ['localhost', 'functions.localhost', '127.0.0.1', 'parley.example']) {
    expect([name, await handshake(tls.options, name, tls.machineAuthority)]).toEqual([
      name,
      'secure',
    ])
  }
})

test("the vendor's hosts are vouched for by the other authority, and by that one only", async () => {
  const tls = await givenTls()

  for (const name of ['api.liveperson.net', 'lp-csds-qa.dev.lprnd.net', 'parley.internal']) {
    expect([name, await handshake(tls.options, name, tls.vendorAuthority)]).toEqual([
      name,
      'secure',
    ])
  }
  expect(await handshake(tls.options, 'api.liveperson.net', tls.machineAuthority)).toMatch(
    /unable to verify the first certificate/,
  )
})

test('a stolen authority is worth nothing for any other name', async () => {
  const tls = await givenTls()
  const forge = async (authority: string, names: { domains: string[]; addresses: string[] }) => {
    const key = readFileSync(join(folder, `${authority}.key`), 'utf8')
    const certificate = readFileSync(join(folder, `${authority}.pem`), 'utf8')
    const leaf = await makeLeaf(wallClock.now(), { certificate, key }, names)
    return { cert: leaf.certificate, key: leaf.key }
  }

  const bank = await forge('machine-ca', { domains: ['bank.example'], addresses: [] })
  expect(await handshake(bank, 'bank.example', tls.machineAuthority)).toBe(
    'permitted subtree violation',
  )
  const vendor = await forge('machine-ca', { domains: ['api.liveperson.net'], addresses: [] })
  expect(await handshake(vendor, 'api.liveperson.net', tls.machineAuthority)).toBe(
    'permitted subtree violation',
  )
  const address = await forge('vendor-ca', { domains: [], addresses: ['127.0.0.1'] })
  expect(await handshake(address, '127.0.0.1', tls.vendorAuthority)).toBe(
    'excluded subtree violation',
  )
})

test('a second start keeps the authorities, so that they are trusted once', async () => {
  const first = await givenTls()
  const second = await givenTls()

  expect(second.machineAuthority).toBe(first.machineAuthority)
  expect(second.vendorAuthority).toBe(first.vendorAuthority)
  expect(statSync(join(folder, 'machine-ca.key')).mode & 0o777).toBe(0o600)
})

test('a name that the server gets later is vouched for, and what was trusted before stays trusted', async () => {
  const first = await givenTls()
  const later = await givenTls({ names: ['parley.example'] })

  for (const name of ['localhost', '127.0.0.1', 'parley.example']) {
    expect([name, await handshake(later.options, name, later.machineAuthority)]).toEqual([
      name,
      'secure',
    ])
  }
  expect(await handshake(later.options, 'localhost', first.machineAuthority)).toBe('secure')
  const again = await givenTls({ names: ['parley.example'] })
  expect(again.machineAuthority).toBe(later.machineAuthority)
  expect(again.options.cert).toBe(later.options.cert)
})

test('an address that others use for the server is vouched for', async () => {
  for (const address of ['192.0.2.7', '2001:db8::7']) {
    const { options, machineAuthority } = await givenTls({ names: [address] })

    expect([address, await handshake(options, address, machineAuthority)]).toEqual([
      address,
      'secure',
    ])
    expect((await givenTls({ names: [address] })).machineAuthority).toBe(machineAuthority)
  }
})

const ownOf = (read: () => Identity, host?: string) => ({
  path: 'own.pem',
  host,
  read: () => Promise.resolve(read()),
})

/** A certificate of the machine's authority, made at this instant. */
async function leafAt(at: number, domains: string[]): Promise<Identity> {
  const [certificate, key] = ['pem', 'key'].map((kind) =>
    readFileSync(join(folder, `machine-ca.${kind}`), 'utf8'),
  )
  return makeLeaf(at, { certificate: certificate!, key: key! }, { domains, addresses: [] })
}

test('a node renews the certificates that it serves while it runs, and its authorities with their keys', async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 5, 10))
  const tls = await givenTls({}, clock)
  const server = await listening(tls.options)
  onTestFinished(() => void server.close())
  const first = tls.machineAuthority
  const authorities = () => [tls.machineAuthority, tls.vendorAuthority]

  await clock.advance(380 * DAY_MS)
  for (const name of [undefined, 'localhost', 'api.liveperson.net']) {
    await expect
      .poll(async () => (await presented(server, name)).validToDate.getTime())
      .toBeGreaterThan(clock.now() + 30 * DAY_MS)
  }
  expect(tls.machineAuthority).toBe(first)

  await clock.advance(3250 * DAY_MS)
  await expect
    .poll(async () => {
      // What was renewed while the clock moved is looked at again within the hour.
      await clock.advance(HOUR_MS)
      return authorities().map((one) => new X509Certificate(one).validToDate.getTime())
    })
    .toSatisfy((ends: number[]) => ends.every((end) => end > clock.now() + 3000 * DAY_MS))
  expect(readFileSync(join(folder, 'machine-ca.pem'), 'utf8')).toBe(tls.machineAuthority)
  expect(
    new X509Certificate(tls.machineAuthority).publicKey.equals(
      new X509Certificate(first).publicKey,
    ),
  ).toBe(true)
  expect(tls.said).toContainEqual(expect.stringMatching(/authority of this machine was made anew/))
  await expect
    .poll(async () => (await presented(server)).validToDate.getTime())
    .toBeGreaterThan(clock.now())
})

test("what is wrong with the user's own certificate is said at the start", async () => {
  await givenTls()
  const now = wallClock.now()
  const saidOf = async (leaf: Identity, host?: string) =>
    (await givenTls({ own: ownOf(() => leaf, host) })).said.join()

  const good = await leafAt(now, ['localhost', 'parley.localhost'])
  expect(await saidOf(good, 'parley.localhost')).toBe('')
  expect(await saidOf(good)).toBe('')
  expect(await saidOf(await leafAt(now - 400 * DAY_MS, ['localhost']))).toMatch(
    /^PARLEY_TLS_CERT=own.pem: it has expired on \d{4}-.*: put a new one/,
  )
  expect(await saidOf(await leafAt(now + 5 * DAY_MS, ['localhost']))).toMatch(/is not valid before/)
  expect(await saidOf(await leafAt(now - 393 * DAY_MS, ['localhost']))).toMatch(/it expires on/)
  expect(await saidOf(good, 'chat.example')).toMatch(
    /not for chat.example, the host of PARLEY_PUBLIC_URL/,
  )
  expect(await saidOf(good, '192.0.2.7')).toMatch(
    /not for 192.0.2.7, the host of PARLEY_PUBLIC_URL/,
  )
})

test("the user's own certificate is read again when it is replaced, as soon as it and its key fit", async () => {
  const clock = virtualClock(wallClock.now())
  await givenTls()
  let own = await leafAt(clock.now(), ['localhost'])
  const tls = await givenTls({ own: ownOf(() => own) }, clock)
  const server = await listening(tls.options)
  onTestFinished(() => void server.close())
  const former = own
  const next = await leafAt(clock.now(), ['localhost'])
  const serials = async () => [
    (await presented(server)).serialNumber,
    (await presented(server, 'localhost')).serialNumber,
  ]
  const serialOf = ({ certificate }: Identity) => new X509Certificate(certificate).serialNumber

  for (const [unfit, flaw] of [
    [{ certificate: next.certificate, key: former.key }, 'PARLEY_TLS_KEY is not its key'],
    [{ certificate: next.key, key: next.key }, 'it holds PRIVATE KEY'],
  ] as const) {
    own = unfit
    await clock.advance(HOUR_MS)
    await expect
      .poll(() => tls.said.join())
      .toContain(`cannot be used, so the former one goes on: ${flaw}`)
  }
  expect(await serials()).toEqual([serialOf(former), serialOf(former)])

  own = next
  await clock.advance(HOUR_MS)
  await expect.poll(serials).toEqual([serialOf(next), serialOf(next)])
  await expect.poll(() => tls.said.at(-1)).toMatch(/it was replaced/)

  await clock.advance(400 * DAY_MS)
  await expect.poll(() => tls.said.at(-1)).toMatch(/it has expired/)
})

test("the user's own certificate serves every name but the vendor's", async () => {
  const tls = await givenTls()
  const own = {
    certificate: readFileSync(join(folder, 'localhost.pem'), 'utf8'),
    key: readFileSync(join(folder, 'localhost.key'), 'utf8'),
  }
  const withOwn = await givenTls({ folder: join(folder, 'own'), own: ownOf(() => own) })

  expect(await handshake(withOwn.options, 'localhost', tls.machineAuthority)).toBe('secure')
  expect(await handshake(withOwn.options, 'api.liveperson.net', withOwn.vendorAuthority)).toBe(
    'secure',
  )
})

const BROKEN_KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'
test.each([
  ['machine-ca.pem', 'damaged', 'machine-ca.pem: there is no line that begins with -----BEGIN;'],
  ['machine-ca.key', BROKEN_KEY, 'machine-ca.key: what it holds cannot be read;'],
  ['vendor-ca.pem', BROKEN_KEY, 'vendor-ca.pem: it holds PRIVATE KEY;'],
])('a damaged authority is named, not replaced: users may trust it (%s)', async (...given) => {
  const [file, content, flaw] = given
  await givenTls()
  writeFileSync(join(folder, file), content)

  await expect(givenTls()).rejects.toThrow(`Cannot use ${join(folder, flaw)} put the right one`)
})

test('half a copy of the authorities is named: its certificate has another key', async () => {
  await givenTls({ folder: join(folder, 'former') })
  await givenTls()
  cpSync(join(folder, 'former', 'machine-ca.key'), join(folder, 'machine-ca.key'))

  await expect(givenTls()).rejects.toThrow(
    `Cannot use ${folder}/machine-ca.pem: ${folder}/machine-ca.key is not its key; put the right one`,
  )
})
