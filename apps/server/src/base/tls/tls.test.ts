import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:https'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '#base/kernel'
import { makeLeaf } from './certificate.ts'
import { openTls, type Tls, type TlsConfig } from './index.ts'
import { PATIENT_SERVER } from '#testing'

const wallClock = systemClock()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function givenTls(config: Partial<TlsConfig> = {}) {
  return await openTls({ wallClock }, { folder, names: [], ...config })
}

/** What a client that trusts only `ca` gets from a server with these options when it asks for `name`. */
async function handshake(
  options: Tls['options'] | { cert: string; key: string },
  name: string,
  ca: string,
) {
  const server = createServer({ ...PATIENT_SERVER, ...options }, (_, response) =>
    response.end('secure'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
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

test("the user's own certificate serves every name but the vendor's", async () => {
  const tls = await givenTls()
  const own = {
    certificate: readFileSync(join(folder, 'localhost.pem'), 'utf8'),
    key: readFileSync(join(folder, 'localhost.key'), 'utf8'),
  }
  const ownFolder = join(folder, 'own')
  const withOwn = await openTls({ wallClock }, { folder: ownFolder, names: [], own })

  expect(await handshake(withOwn.options, 'localhost', tls.machineAuthority)).toBe('secure')
  expect(await handshake(withOwn.options, 'api.liveperson.net', withOwn.vendorAuthority)).toBe(
    'secure',
  )
})

test('a damaged authority is named, not replaced: users may trust it', async () => {
  await givenTls()
  writeFileSync(join(folder, 'machine-ca.pem'), 'damaged')

  await expect(givenTls()).rejects.toThrow(/Cannot use .*machine-ca\.pem.*remove it/)
})
