import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { systemMonotonic } from '#base/kernel'
import { leapingMonotonic, startNameServer } from '#testing'
import { BusyResolver, openResolver } from './resolver.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-names-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A resolver that knows only what a test gives it. */
function resolverOf(servers: string[], monotonic = systemMonotonic()) {
  const settings = { servers, hostsFile: file('hosts'), searchFile: file('resolv.conf') }
  const { resolve } = openResolver({ monotonic }, settings)
  return {
    resolve,
    find: async (host: string, of?: 'operator', accountId = 'acme') =>
      (await resolve(accountId, host, of)).map(({ address }) => address),
  }
}

test('a name has the addresses of both families, IPv4 first', async () => {
  await using server = await startNameServer(() => ['2001:db8::1', '192.0.2.1', '192.0.2.2'])
  const { find } = resolverOf([server.address])
  expect(await find('both.test')).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1'])
})

test('a name of one family is found when the server keeps silent about the other', async () => {
  await using server = await startNameServer((_name, type) =>
    type === 'AAAA' ? ['2001:db8::7'] : 'silent',
  )
  const { find } = resolverOf([server.address])
  expect(await find('six.test')).toEqual(['2001:db8::7'])
})

test('the next server answers when the first keeps silent', async () => {
  await using silent = await startNameServer(() => 'silent')
  await using server = await startNameServer(() => ['192.0.2.1'])
  const { find } = resolverOf([silent.address, server.address])
  expect(await find('second.test')).toEqual(['192.0.2.1'])
})

test('a name that does not exist fails, and so does one about which all servers keep silent', async () => {
  await using server = await startNameServer((name) =>
    name === 'none.test' ? 'no such name' : 'silent',
  )
  const { find } = resolverOf([server.address])
  await expect(find('none.test')).rejects.toThrow('ENOTFOUND')
  await expect(find('silent.test')).rejects.toThrow(/ECANCELLED|ETIMEOUT/)
})

test('time in which the process did not run counts for nothing, and what was not seen is asked once more', async () => {
  const monotonic = leapingMonotonic()
  // Two questions about each family are what one look-up asks.
  let missed = 0
  await using server = await startNameServer(() => {
    if (++missed > 4) return ['192.0.2.1']
    monotonic.leap(60_000)
    return 'silent'
  })
  const { find } = resolverOf([server.address], monotonic)
  expect(await find('late.test')).toEqual(['192.0.2.1'])
})

test('an account waits for so many names, and no longer than for one; others do not wait for it', async () => {
  await using server = await startNameServer((name) =>
    name === 'quick.test' ? ['192.0.2.1'] : 'silent',
  )
  const { find, resolve } = resolverOf([server.address])
  const first = Array.from({ length: 32 }, (_, n) => resolve('acme', `n${n}.test`))
  // The same name again is no further look-up.
  const ended = Promise.allSettled([...first, resolve('acme', 'n0.test')])
  await expect(resolve('acme', 'one-more.test')).rejects.toThrow(BusyResolver)
  expect(await find('quick.test', undefined, 'another')).toEqual(['192.0.2.1'])
  expect((await ended).every(({ status }) => status === 'rejected')).toBe(true)
  expect(await find('quick.test')).toEqual(['192.0.2.1'])
})

test('an answer is kept for its time, for the account that asked', async () => {
  await using lasting = await startNameServer(() => ['192.0.2.1'], 3600)
  const kept = resolverOf([lasting.address])
  await kept.find('kept.test')
  expect(new Set(lasting.asked)).toEqual(new Set(['A kept.test', 'AAAA kept.test']))
  const before = lasting.asked.length
  await kept.find('kept.test')
  expect(lasting.asked).toHaveLength(before)
  await kept.find('kept.test', undefined, 'another')
  expect(lasting.asked.length).toBeGreaterThan(before)

  await using passing = await startNameServer(() => ['192.0.2.1'], 0)
  const renewed = resolverOf([passing.address])
  await renewed.find('passing.test')
  const once = passing.asked.length
  await renewed.find('passing.test')
  expect(passing.asked.length).toBeGreaterThan(once)
})

test('the hosts file is read without the server, and again when it has changed', async () => {
  await using server = await startNameServer(() => 'no such name')
  const { find } = resolverOf([server.address])
  await expect(find('listed.test')).rejects.toThrow('ENOTFOUND')
  writeFileSync(
    file('hosts'),
    '# a comment\n192.0.2.9\tListed.test other.test # more\nnonsense x\n',
  )
  expect(await find('listed.test')).toEqual(['192.0.2.9'])
  expect(await find('other.test')).toEqual(['192.0.2.9'])
  writeFileSync(file('hosts'), '192.0.2.10 listed.test\n2001:db8::2 listed.test\n')
  expect(await find('listed.test')).toEqual(['192.0.2.10', '2001:db8::2'])
  await expect(find('other.test')).rejects.toThrow('ENOTFOUND')
})

test('localhost and addresses need no server', async () => {
  const { find } = resolverOf(['127.0.0.1:9'])
  expect(await find('localhost')).toEqual(['127.0.0.1'])
  expect(await find('any.localhost')).toEqual(['127.0.0.1'])
  expect(await find('2001:db8::1')).toEqual(['2001:db8::1'])
})

test('only short names of the operator are searched for in the domains of the system', async () => {
  writeFileSync(file('resolv.conf'), 'search a.test b.test\noptions ndots:2 timeout:1\n')
  await using server = await startNameServer((name) =>
    name === 'redis.b.test' ? ['10.0.0.1'] : 'no such name',
  )
  const { find } = resolverOf([server.address])
  expect(await find('redis', 'operator')).toEqual(['10.0.0.1'])
  expect([...new Set(server.asked.map((line) => line.split(' ')[1]))]).toEqual([
    'redis.a.test',
    'redis.b.test',
  ])
  await expect(find('redis')).rejects.toThrow('ENOTFOUND')
})
