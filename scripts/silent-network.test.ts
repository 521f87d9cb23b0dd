import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
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

function givenFolder({ onTestFinished }: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'parley-silent-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

test
  .skipIf(!hasNamespaces)
  .concurrent(
    'a network that drops what is sent is told after some seconds, and how to go on',
    async (context) => {
      const env = { npm_config_registry: 'https://registry.npmjs.org/' }
      const { status, stderr } = await prepare(givenFolder(context), {
        env,
        before: SILENT_NETWORK,
      })

      expect(status).toBe(1)
      expect(stderr).toContain('registry.npmjs.org:443 cannot be reached (no answer within 8 s)')
      expect(stderr).toContain('then run the same command again')
      expect(stderr).not.toMatch(/npm error|^ +at /m)
    },
  )

test
  .skipIf(!hasNamespaces)
  .concurrent(
    'so are a registry and a proxy that are known by their addresses',
    async (context) => {
      const byAddress = { npm_config_registry: 'http://192.0.2.9/' }
      const byProxy = { npm_config_https_proxy: 'http://192.0.2.8:3128' }
      const [registry, proxy] = await Promise.all(
        [byAddress, byProxy].map((env) =>
          prepare(givenFolder(context), { env, before: SILENT_NETWORK }),
        ),
      )

      expect(registry?.stderr).toContain('192.0.2.9:80 cannot be reached (no answer within 8 s)')
      expect(proxy?.stderr).toContain('192.0.2.8:3128 cannot be reached (no answer within 8 s)')
      expect([registry?.status, proxy?.status]).toEqual([1, 1])
    },
  )

test.concurrent('a registry that takes the connection and says nothing is told, too', async (context) => {
  // Its connections end with those who opened them.
  const silent = createServer()
  context.onTestFinished(() => void silent.close())
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`

  const env = { npm_config_registry: `http://${host}/` }
  const { status, stderr } = await prepare(givenFolder(context), { env })

  expect(status).toBe(1)
  expect(stderr).toContain(`${host} cannot be reached (no answer within 8 s)`)
})
