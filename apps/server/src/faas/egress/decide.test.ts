import { isIP } from 'node:net'
import { expect, test } from 'vitest'
import { decideEgress, type EgressRules, readTarget } from './decide.ts'

const listener = { host: '127.0.0.1', port: 4843, ca: 'pem', connected: () => undefined }

/** What a resolver answers for every name; addresses stand for themselves. */
function finds(...addresses: string[]): EgressRules['lookup'] {
  return (host) =>
    Promise.resolve(
      (isIP(host) === 0 ? addresses : [host]).map((address) => ({
        address,
        family: isIP(address),
      })),
    )
}

function rules(changes: Partial<EgressRules> = {}): EgressRules {
  return {
    allowed: () => true,
    privateTargets: [],
    internal: () => listener,
    lookup: finds('93.184.216.34'),
    ...changes,
  }
}

test('an allowed host is dialled at the address that was checked', async () => {
  let lookups = 0
  const counting = rules({
    lookup: (host, of) => finds(`93.184.216.${(lookups += 1)}`)(host, of),
  })
  expect(await decideEgress(counting, 'acme', 'example.com', 443)).toEqual({
    dial: { addresses: [{ address: '93.184.216.1', family: 4 }], port: 443 },
    isListed: true,
  })
  expect(lookups).toBe(1)
})

test('a host that is not listed is refused by name', async () => {
  const decision = await decideEgress(rules({ allowed: () => false }), 'acme', 'example.com', 443)
  expect(decision).toEqual({
    refuse: { status: 403, reason: 'example.com is not on the list of allowed domains' },
  })
})

test.each([
  ['loopback', ['127.0.0.1']],
  ['a private network', ['10.1.2.3']],
  ['the metadata address', ['169.254.169.254']],
  ['IPv6 loopback', ['::1']],
  ['a mapped IPv4 address', ['::ffff:10.0.0.1']],
  ['one private address among public ones', ['93.184.216.34', '192.168.1.1']],
])('a listed host that resolves to %s is refused', async (_what, addresses) => {
  const decision = await decideEgress(
    rules({ lookup: finds(...addresses) }),
    'acme',
    'example.com',
    443,
  )
  expect(decision).toMatchObject({ refuse: { status: 403 } })
})

test.each(['127.0.0.1', '10.0.0.1', '::1', '0.0.0.0', '100.64.0.1', '224.0.0.1'])(
  'the address %s is refused even when listed',
  async (host) => {
    expect(await decideEgress(rules(), 'acme', host, 80)).toMatchObject({ refuse: { status: 403 } })
  },
)

test('a target that the operator names is reachable, on that port only', async () => {
  const named = rules({ privateTargets: ['127.0.0.1:9000'], allowed: () => false })
  expect(await decideEgress(named, 'acme', '127.0.0.1', 9000)).toEqual({
    dial: { addresses: [{ address: '127.0.0.1', family: 4 }], port: 9000 },
    isListed: false,
  })
  expect(await decideEgress(named, 'acme', '127.0.0.1', 9001)).toMatchObject({
    refuse: { status: 403 },
  })
})

test.each(['parley.internal', 'api.liveperson.net', 'z1.context.liveperson.net'])(
  '%s leads to this node, on port 443 only',
  async (host) => {
    const closed = rules({ allowed: () => false })
    expect(await decideEgress(closed, 'acme', host, 443)).toEqual({
      dial: { addresses: [{ address: '127.0.0.1', family: 4 }], port: 4843, own: listener },
      isListed: false,
    })
    expect(await decideEgress(closed, 'acme', host, 80)).toMatchObject({ refuse: { status: 403 } })
    const without = rules({ internal: () => undefined })
    expect(await decideEgress(without, 'acme', host, 443)).toMatchObject({
      refuse: { status: 502 },
    })
  },
)

test('a name that cannot be resolved is a bad gateway', async () => {
  const failing = rules({ lookup: () => Promise.reject(new Error('ENOTFOUND')) })
  expect(await decideEgress(failing, 'acme', 'example.com', 443)).toMatchObject({
    refuse: { status: 502 },
  })
})

test.each(['exa mple.com', 'a\nb', '-x.com', '2130706433x!', 'a..b', '%31'])(
  'the host %j is no host',
  async (host) => {
    expect(await decideEgress(rules(), 'acme', host, 80)).toMatchObject({ refuse: { status: 400 } })
  },
)

test('targets of CONNECT are read strictly', () => {
  expect(readTarget('Example.COM.:443')).toEqual({ host: 'example.com', port: 443 })
  expect(readTarget('[::1]:80')).toEqual({ host: '::1', port: 80 })
  for (const target of [
    'a\0b:80',
    'example.com',
    'example.com:0',
    'example.com:70000',
    ':1',
    '::1:80',
  ]) {
    expect(readTarget(target)).toBeUndefined()
  }
})
