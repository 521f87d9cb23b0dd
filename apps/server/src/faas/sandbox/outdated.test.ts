import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { chmod, cp, mkdtempDisposable, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLogger, systemMonotonic } from '#base/kernel'
import { prepareSandbox } from './prepare.ts'
import { CACHE_DIR, openTestSandbox } from './test-sandbox.fixture.ts'

test('a start removes the bundles of other versions that no node uses', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-outdated-'))
  const cacheDir = folder.path
  await chmod(cacheDir, 0o755)
  await cp(CACHE_DIR, cacheDir, { recursive: true })
  const given = (name: string, age = 0) => {
    const dir = join(cacheDir, name)
    mkdirSync(join(dir, 'cache'), { recursive: true })
    writeFileSync(join(dir, 'bootstrap.mjs'), '')
    if (age > 0) utimesSync(dir, Date.now() / 1000 - age, Date.now() / 1000 - age)
    return dir
  }
  const unused = given('0000000000000001')
  writeFileSync(join(unused, 'in-use'), '')
  const used = given('0000000000000002')
  const holder = spawn('flock', ['-s', join(used, 'in-use'), 'sh', '-c', 'echo held; cat'])
  onTestFinished(() => void holder.stdin.end())
  await once(holder.stdout, 'data')
  utimesSync(used, 1, 1)
  const halfRemoved = given('0000000000000003.x.removed')
  const silent = given('0000000000000004')

  const sandbox = await prepareSandbox(
    { logger: openLogger('fatal'), monotonic: systemMonotonic() },
    { cacheDir },
  )
  sandbox[Symbol.dispose]()

  expect([unused, used, halfRemoved, silent].map((dir) => existsSync(dir))).toEqual([
    false,
    true,
    false,
    true,
  ])
  await makeRemovable(cacheDir)
})

test('functions run again although somebody has removed files that their processes need', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'parley-removed-'))
  const cacheDir = folder.path
  await chmod(cacheDir, 0o755)
  await cp(CACHE_DIR, cacheDir, { recursive: true })
  {
    await using box = await openTestSandbox({ config: { cacheDir } })
    const runs = (deploymentId: string) => async () =>
      (await box.run('function lambda(i, cb) { cb(null, 1) }', { version: { deploymentId } })).value
    await expect.poll(runs('before')).toBe(1)
    await expect.poll(() => box.sandbox.stats().warmPool).toBeGreaterThan(1)
    for (const name of (await readdir(cacheDir)).filter((found) => /^[0-9a-f]{16}$/.test(found))) {
      const dir = join(cacheDir, name)
      await rm(join(dir, 'bootstrap.mjs'), { force: true })
      if (!existsSync(join(dir, 'cache'))) continue
      await chmod(join(dir, 'cache'), 0o755)
      await rm(join(dir, 'cache', 'location_data'), { force: true })
    }

    // The first ones are there already.
    for (const name of ['1', '2', '3', '4', '5']) await expect.poll(runs(name)).toBe(1)
  }
  await makeRemovable(cacheDir)
})

async function makeRemovable(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    for (const sub of ['cache', 'cache/node_compat_bin', 'cache/npm']) {
      const dir = join(cacheDir, name, sub)
      if (existsSync(dir)) await chmod(dir, 0o755)
    }
  }
}
