import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLogger, virtualClock } from '#base/kernel'
import { openTls } from './index.ts'

const DAY_MS = 86_400_000

test('nodes that share a folder make its certificates, and renew them, once for all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clock = virtualClock(Date.UTC(2026, 0, 5, 10))
  const logger = openLogger('fatal')
  const open = () => openTls({ logger, wallClock: clock }, { folder, names: [] })
  const nodes = await Promise.all([open(), open(), open()])
  onTestFinished(() => {
    for (const tls of nodes) tls[Symbol.dispose]()
  })
  const authorities = () => nodes.map((tls) => tls.machineAuthority + tls.vendorAuthority)
  const served = () => nodes.map(({ options: { cert, key } }) => cert + key)
  const first = served()
  expect(new Set(authorities()).size).toBe(1)
  expect(new Set(first).size).toBe(1)

  await clock.advance(380 * DAY_MS)
  await expect.poll(() => served().some((one) => one === first[0])).toBe(false)
  expect(new Set(served()).size).toBe(1)
  const kept = ['pem', 'key'].map((ending) =>
    readFileSync(join(folder, `localhost.${ending}`), 'utf8'),
  )
  expect(served()[0]).toBe(kept.join(''))
})
