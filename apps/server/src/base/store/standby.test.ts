import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { findEngine, initdbOwner, isReady } from '#base/postgres'
import { PATIENCE_MS } from '#testing'
import { aFolder } from './folder.fixture.ts'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

test('a database that has become a standby counts as away, until it is promoted', async () => {
  await using server = await startServer()
  const warned: unknown[] = []
  const { logger } = storeDeps
  const heard = Object.assign(Object.create(logger) as typeof logger, {
    warn: (...said: unknown[]) => warned.push(said.at(-1)),
  })
  await using store = await openStore(
    { ...storeDeps, logger: heard },
    { kind: 'given', url: server.url },
  )
  expect(store.isAnswering()).toBe(true)

  await server.restartAsStandby()
  await expect
    .poll(() => warned, { timeout: PATIENCE_MS })
    .toContain('The database is a standby: nothing can be stored there')
  expect(store.isAnswering()).toBe(false)

  await server.promote()
  await expect.poll(() => store.isAnswering(), { timeout: PATIENCE_MS }).toBe(true)
  expect(await store.commit(aWrite('c1', 0))).toMatchObject({ status: 'applied' })
})

/** A server of the version that comes along, which Parley does not look after. */
async function startServer() {
  await using opened = new AsyncDisposableStack()
  const { dir } = opened.use(aFolder())
  const cluster = join(dir, 'cluster')
  const owner = initdbOwner()
  for (const path of [dir, cluster]) {
    mkdirSync(path, { mode: 0o755 })
    chownSync(path, owner.uid, owner.gid)
  }
  const engine = findEngine(dir, owner)
  const run = (program: 'initdb' | 'postgres', args: string[]): [string, string[]] => {
    const [command = '', ...words] = [...owner.prefix, engine.bin(program), ...args]
    return [command, words]
  }
  const options = { cwd: '/', env: engine.env }
  const made = spawnSync(
    ...run('initdb', ['-D', cluster, '-U', 'parley', '--auth=trust', '--no-sync']),
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(made.stderr)
  const settings = [`unix_socket_directories=${dir}`, 'listen_addresses=', 'fsync=off']
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const launch = () => spawn(...run('postgres', args), { ...options, stdio: 'ignore' })
  const stop = async (child: ChildProcess) => {
    child.kill('SIGINT')
    if (child.exitCode === null) await once(child, 'exit')
  }
  let child = launch()
  opened.defer(() => stop(child))
  while (!isReady(cluster, child.pid ?? 0)) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`)
    await storeDeps.monotonic.sleep(10)
  }
  const url = `postgresql://parley@localhost/postgres?host=${encodeURIComponent(dir)}`
  const resources = opened.move()
  return {
    url,
    async restartAsStandby() {
      await stop(child)
      writeFileSync(join(cluster, 'standby.signal'), '')
      chownSync(join(cluster, 'standby.signal'), owner.uid, owner.gid)
      child = launch()
    },
    async promote() {
      await using client = await connect(url)
      await client.query('select pg_promote()')
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function connect(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
