import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { initdbOwner, isReady } from '#base/postgres'
import { describeCommits } from './commits.contract.ts'
import { describeNotifications } from './notifications.contract.ts'
import { describePlans } from './plans.contract.ts'
import { describeProcedures } from './procedures.contract.ts'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFolder } from './folder.fixture.ts'

/** As Debian packages it. */
const BIN = '/usr/lib/postgresql/15/bin'

const isInstalled = existsSync(join(BIN, 'postgres'))
let server: Awaited<ReturnType<typeof startServer>> | undefined
const templateUrl = () => server?.url ?? ''

beforeAll(async () => {
  if (!isInstalled) {
    process.stderr.write(
      `Left out the store on PostgreSQL 15: there is no ${BIN} (postgresql-15)\n`,
    )
    return
  }
  server = await startServer()
  await (await openStore(storeDeps, { kind: 'given', url: server.url }))[Symbol.asyncDispose]()
})
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(isInstalled)('the oldest server that Parley runs on', () => {
  describeCommits('PostgreSQL 15', templateUrl)
  describeNotifications('PostgreSQL 15', templateUrl)
  describeProcedures('PostgreSQL 15', templateUrl)
  describePlans('PostgreSQL 15', templateUrl)
})

async function startServer(): Promise<AsyncDisposable & { url: string }> {
  await using opened = new AsyncDisposableStack()
  const { dir } = opened.use(aFolder())
  const cluster = join(dir, 'cluster')
  const { uid, gid, prefix } = initdbOwner()
  for (const path of [dir, cluster]) {
    mkdirSync(path, { mode: 0o700 })
    chownSync(path, uid, gid)
  }
  const run = (program: string, args: string[]): [string, string[]] => {
    const [command = '', ...words] = [...prefix, join(BIN, program), ...args]
    return [command, words]
  }
  const made = spawnSync(
    ...run('initdb', ['-D', cluster, '-U', 'parley', '--auth=trust', '--no-sync']),
    {
      encoding: 'utf8',
      cwd: '/',
    },
  )
  if (made.status !== 0) throw new Error(made.stderr)
  const settings = [`unix_socket_directories=${dir}`, 'listen_addresses=', 'fsync=off']
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(...run('postgres', args), { stdio: 'ignore', cwd: '/' })
  opened.defer(async () => {
    child.kill('SIGINT')
    if (child.exitCode === null) await once(child, 'exit')
  })
  while (!isReady(cluster, child.pid ?? 0)) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL 15 ended with ${child.exitCode}`)
    await storeDeps.monotonic.sleep(10)
  }
  const resources = opened.move()
  return {
    url: `postgresql://parley@localhost/postgres?host=${encodeURIComponent(dir)}`,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
