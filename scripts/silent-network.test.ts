import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { prepare } from './prepare.fixture.ts'

/** A network of its own, in which every packet is dropped without a word. */
const SILENT_NETWORK = [
  'unshare',
  '-rn',
  'sh',
  '-c',
  'ip link set lo up && ip route add default dev lo && exec "$@"',
  'sh',
]
const hasNamespaces = spawnSync('unshare', [...SILENT_NETWORK.slice(1), 'true']).status === 0
if (!hasNamespaces) {
  console.warn('Left out: silent networks (unshare and ip of Linux bring them back)')
}

function givenFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'parley-silent-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

test.skipIf(!hasNamespaces)(
  'a network that drops what is sent is told within 15 seconds, and how to go on',
  async () => {
    const env = { npm_config_registry: 'https://registry.npmjs.org/' }
    const { status, stderr, ms } = await prepare(givenFolder(), { env, before: SILENT_NETWORK })

    expect(ms).toBeLessThan(15_000)
    expect(status).toBe(1)
    expect(stderr).toContain('registry.npmjs.org:443 cannot be reached (no answer within 8 s)')
    expect(stderr).toContain('then run the same command again')
    expect(stderr).not.toMatch(/npm error|^ +at /m)
  },
)

test.skipIf(!hasNamespaces)(
  'so are a registry and a proxy that are known by their addresses',
  async () => {
    const byAddress = { npm_config_registry: 'http://192.0.2.9/' }
    const byProxy = { npm_config_https_proxy: 'http://192.0.2.8:3128' }
    const [registry, proxy] = await Promise.all(
      [byAddress, byProxy].map((env) => prepare(givenFolder(), { env, before: SILENT_NETWORK })),
    )

    expect(registry?.stderr).toContain('192.0.2.9:80 cannot be reached (no answer within 8 s)')
    expect(proxy?.stderr).toContain('192.0.2.8:3128 cannot be reached (no answer within 8 s)')
    expect([registry?.status, proxy?.status]).toEqual([1, 1])
  },
)

test('a registry that takes the connection and says nothing is told, too', async () => {
  // Its connections end with those who opened them.
  const silent = createServer()
  onTestFinished(() => void silent.close())
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`

  const env = { npm_config_registry: `http://${host}/` }
  const { status, stderr } = await prepare(givenFolder(), { env })

  expect(status).toBe(1)
  expect(stderr).toContain(`${host} cannot be reached (no answer within 8 s)`)
})
