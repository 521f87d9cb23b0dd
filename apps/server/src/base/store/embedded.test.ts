import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { messageOf } from '#base/kernel'
import { startEmbedded } from '#base/postgres'
import { PATIENCE_MS } from '#testing'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFolder } from './folder.fixture.ts'
import { aWrite } from './two-stores.fixture.ts'

// Setting a cluster up is the slow part: most tests use the same one.
const shared = aFolder()
const settings = { kind: 'embedded' as const, dir: shared.dir }
afterAll(() => shared[Symbol.dispose]())

test('what was committed is there after a restart', async () => {
  {
    await using store = await openStore(storeDeps, settings)
    await store.commit(aWrite('c1', 0))
  }
  await using store = await openStore(storeDeps, settings)

  expect(await store.commit(aWrite('c1', 0))).toEqual({ status: 'stale' })
  expect(store.isExclusive).toBe(true)
})

test('the server listens on no port, and no other user can read its secrets', async () => {
  await using store = await openStore(storeDeps, settings)

  const { rows } = await sql<{ listens: string; auth: string }>`
    select current_setting('listen_addresses') as listens,
      (select string_agg(distinct auth_method, ',') from pg_hba_file_rules) as auth`.execute(
    store.db,
  )
  const permissions = (path: string) => statSync(join(shared.dir, path)).mode & 0o777

  expect(rows).toEqual([{ listens: '', auth: 'scram-sha-256' }])
  expect(permissions('password')).toBe(0o600)
  expect(permissions('run')).toBe(0o700)
  expect(permissions('cluster')).toBe(0o700)
})

test('copies of the engine that former versions have left are removed by a start', async () => {
  const copy = join(shared.dir, 'engine-17.0.0')
  mkdirSync(join(copy, 'native/bin'), { recursive: true })
  writeFileSync(join(copy, 'native/bin/postgres'), '')

  await using store = await openStore(storeDeps, settings)

  expect(await store.commit(aWrite('beside no copies', 0))).toMatchObject({ status: 'applied' })
  expect(existsSync(copy)).toBe(false)
})

test('a second Parley is refused while the first one runs', async () => {
  await using _store = await openStore(storeDeps, settings)

  await expect(openStore(storeDeps, settings)).rejects.toThrow(
    `Cannot start: ${shared.dir} is in use by another Parley (process ${process.pid}): stop that one, or set PARLEY_DATA to another folder`,
  )
})

test('the log of the database has files in reserve, which are used and survive a kill', async () => {
  const wal = join(shared.dir, 'cluster/pg_wal')
  const segments = () => readdirSync(wal).filter((name) => name.length === 24)
  const postmaster = () =>
    Number.parseInt(readFileSync(join(shared.dir, 'cluster/postmaster.pid'), 'utf8'), 10)
  {
    await using store = await openStore(storeDeps, settings)
    const next = async () => {
      const { rows } = await sql<{
        name: string
      }>`select pg_walfile_name(pg_switch_wal() + 1) as name`.execute(store.db)
      await sql`select pg_logical_emit_message(true, 'test', 'written')`.execute(store.db)
      return rows[0]?.name ?? ''
    }
    const first = await next()
    const after = () =>
      segments()
        .filter((name) => name > first)
        .toSorted()
    await expect.poll(() => after().length, { timeout: PATIENCE_MS }).toBeGreaterThan(1)
    const [spare = ''] = after()
    const { ino } = statSync(join(wal, spare))

    expect(await next()).toBe(spare)
    expect(statSync(join(wal, spare))).toMatchObject({ ino, size: 16 * 1024 ** 2 })

    await store.commit(aWrite('beside spare files', 0))
    process.kill(postmaster(), 'SIGKILL')
  }
  await using store = await openStore(storeDeps, settings)
  expect(await store.commit(aWrite('beside spare files', 0))).toEqual({ status: 'stale' })
})

test('a cluster that was made before is told once where to read what a full disk changes', async () => {
  const path = join(shared.dir, 'cluster/postgresql.conf')
  const line = /^include_if_exists = '\.\.\/full-disk\.conf'\n/gm
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(line, ''))
  for (let start = 0; start < 2; start++) {
    await using store = await openStore(storeDeps, settings)
    const said = async () =>
      (await sql`select setting from pg_file_settings where name = 'autovacuum'`.execute(store.db))
        .rows

    expect(await said()).toEqual([])
    writeFileSync(join(shared.dir, 'full-disk.conf'), ' autovacuum = off\n')
    expect(await said()).toEqual([{ setting: 'off' }])
  }
  expect(readFileSync(path, 'utf8').match(line)).toHaveLength(1)
})

test('stopping ends also a PostgreSQL that is just being started again', async () => {
  const restarting = Promise.withResolvers<void>()
  const logger = Object.create(storeDeps.logger, { error: { value: () => restarting.resolve() } })
  const postgres = await startEmbedded({ ...storeDeps, logger }, shared.dir)
  const pidFile = join(shared.dir, 'cluster/postmaster.pid')
  process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGKILL')
  await restarting.promise

  await postgres[Symbol.asyncDispose]()

  expect(existsSync(pidFile)).toBe(false)
})

test('half a copy of a cluster is refused, and its password left alone', async () => {
  await (await openStore(storeDeps, settings))[Symbol.asyncDispose]()
  const version = join(shared.dir, 'cluster/PG_VERSION')
  rmSync(version)

  await expect(openStore(storeDeps, settings)).rejects.toThrow(
    `Cannot start: ${shared.dir}/cluster is not whole, PG_VERSION is missing: put a whole copy there, with its empty folders`,
  )
  writeFileSync(version, '18\n')
  // Some programs that copy leave out empty folders.
  for (const part of ['base', 'global/pg_control', 'pg_wal', 'pg_notify', 'postgresql.conf']) {
    const path = join(shared.dir, 'cluster', part)
    renameSync(path, `${path}.elsewhere`)
    await expect(openStore(storeDeps, settings)).rejects.toThrow(
      `Cannot start: ${shared.dir}/cluster is not whole, ${part} is missing: put a whole copy there, with its empty folders`,
    )
    renameSync(`${path}.elsewhere`, path)
  }
  await (await openStore(storeDeps, settings))[Symbol.asyncDispose]()
})

test('the data of a newer version is refused, and left alone', async () => {
  {
    await using store = await openStore(storeDeps, settings)
    await sql`insert into schema_migration values ('999-from-the-future', '2030-01-01')`.execute(
      store.db,
    )
  }
  await expect(openStore(storeDeps, settings)).rejects.toThrow(
    'Cannot start: the database is of a newer version of Parley (it has 999-from-the-future): start that version, or restore a backup of this one',
  )
})

test('the cluster of another PostgreSQL is refused', async () => {
  using folder = aFolder()
  mkdirSync(join(folder.dir, 'cluster'), { recursive: true })
  writeFileSync(join(folder.dir, 'cluster/PG_VERSION'), '19\n')

  await expect(openStore(storeDeps, { kind: 'embedded', dir: folder.dir })).rejects.toThrow(
    'was made by PostgreSQL 19, this Parley brings 18',
  )
})

test('a folder that cannot be written is refused', async () => {
  using folder = aFolder()
  writeFileSync(folder.dir, '')

  await expect(
    openStore(storeDeps, { kind: 'embedded', dir: join(folder.dir, 'postgres') }),
  ).rejects.toThrow(
    `Cannot start: the data folder ${join(folder.dir, 'postgres')} cannot be written`,
  )
})

test.each([
  [
    'postgresql://parley:hidden@localhost/own?host=/nowhere',
    /ENOENT.*; DATABASE_URL leads to the database "own" at \/nowhere, port 5432, as "parley": correct it, or see to that server$/,
  ],
  [
    'postgresql://parley:hidden@localhost/own?sslrootcert=/nowhere.pem',
    /ENOENT.*'\/nowhere\.pem'; correct DATABASE_URL$/,
  ],
])('%s cannot be reached, which is said in one line, with what to do', async (url, end) => {
  const message = await openStore(storeDeps, { kind: 'given', url }).then(
    () => 'opened',
    (cause: unknown) => messageOf(cause),
  )

  expect(message).toMatch(/^Cannot start: the database cannot be used: /)
  expect(message).toMatch(end)
  expect(message).not.toContain('hidden')
})

test('a folder with a long path works too', async () => {
  using folder = aFolder('a-name-that-is-far-too-long-for-the-path-of-a-socket-'.repeat(3))

  await using store = await openStore(storeDeps, { kind: 'embedded', dir: folder.dir })

  expect(await store.commit(aWrite('c1', 0))).toMatchObject({ status: 'applied' })
})

describe.runIf(process.getuid?.() === 0)('as root', () => {
  const open = (dir: string) => openStore(storeDeps, { kind: 'embedded', dir })

  /** A data folder that PostgreSQL may not enter, and where its cluster is then. */
  function aClosedFolder() {
    const folder = aFolder()
    mkdirSync(folder.dir)
    chmodSync(folder.dir, 0o700)
    const home = homeOf(folder.dir)
    onTestFinished(() => {
      folder[Symbol.dispose]()
      rmSync(home, { recursive: true, force: true })
    })
    return { dir: folder.dir, home }
  }

  function homeOf(dir: string): string {
    const name = createHash('sha256').update(dir).digest('hex').slice(0, 12)
    return join('/var/lib/parley', name)
  }

  async function write(dir: string): Promise<void> {
    await using store = await open(dir)
    expect(await store.commit(aWrite('c1', 0))).toMatchObject({ status: 'applied' })
  }

  async function expectWritten(dir: string): Promise<void> {
    await using store = await open(dir)
    expect(await store.commit(aWrite('c1', 0))).toEqual({ status: 'stale' })
  }

  test('a folder that the server may not enter is replaced by one below /var/lib/parley', async () => {
    const { dir, home } = aClosedFolder()

    await write(dir)

    expect(readFileSync(join(home, 'cluster/PG_VERSION'), 'utf8').trim()).toBe('18')
    expect(existsSync(join(dir, 'cluster'))).toBe(false)
  })

  test('the database stays where it was made when its folder can be entered later', async () => {
    const { dir } = aClosedFolder()
    await write(dir)

    chmodSync(dir, 0o711)

    await expectWritten(dir)
    expect(existsSync(join(dir, 'cluster'))).toBe(false)
  })

  test('a copy of the folder alone is refused, and starts with what was below /var/lib/parley', async () => {
    const { dir, home } = aClosedFolder()
    await write(dir)
    using restored = aFolder()
    cpSync(dir, restored.dir, { recursive: true })
    chmodSync(restored.dir, 0o711)

    await expect(open(restored.dir)).rejects.toThrow(
      `Cannot start: the database of ${restored.dir} was in ${home}: copy what is in there, or in its backup, to ${restored.dir} (cp -a)`,
    )
    // As \`cp -r\` makes it: all belongs to root.
    cpSync(home, restored.dir, { recursive: true })

    await expectWritten(restored.dir)
  })

  test('a database in a folder that the server may no longer enter is refused, and no empty one made', async () => {
    using folder = aFolder()
    await write(folder.dir)
    chmodSync(folder.dir, 0o700)

    await expect(open(folder.dir)).rejects.toThrow(
      `Cannot start: the database in ${folder.dir} cannot be reached by the user id 64480`,
    )

    expect(existsSync(homeOf(folder.dir))).toBe(false)
    chmodSync(folder.dir, 0o711)
    await expectWritten(folder.dir)
  })
})
