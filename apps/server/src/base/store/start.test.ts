import { randomUUID } from 'node:crypto'
import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, inject, type Mock, onTestFinished, test, vi } from 'vitest'
import { openLogger } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openTcpProxy, TLS_FOLDERS } from '#testing'
import { openFakePooler } from './fake-pooler.fixture.ts'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'

test.each([1, 3])(
  'a pooler that shares its %d sessions is refused, with what to do',
  async (sessions) => {
    await using pooler = await openFakePooler(sessions)

    const start = openStore(storeDeps, { kind: 'given', url: pooler.url })

    await expect(start).rejects.toThrow(/Cannot start: .*pooler in transaction mode.*session mode/)
  },
)

test('a database whose name is not known yet, or before which connections are ended, is waited for', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const given = new URL(database.url)
  const socket = `${given.searchParams.get('host')}/.s.PGSQL.5432`
  let ended = 0
  using proxy = await openTcpProxy(() =>
    ended++ < 2 ? new Socket().destroy() : createConnection(socket),
  )
  const failures = ['EAI_AGAIN', 'ENOTFOUND']
  const { lookup } = dns
  const looking = vi.spyOn(dns, 'lookup') as unknown as Mock<Lookup>
  onTestFinished(() => looking.mockRestore())
  looking.mockImplementation((host, options, answer) => {
    const code = failures.pop()
    if (code === undefined) lookup('127.0.0.1', options, answer)
    else answer(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code }), [])
  })
  const { username, password, pathname } = given
  const url = `postgresql://${username}:${password}@database.test:${proxy.port}${pathname}`
  const { logger, said } = heard()

  await using store = await openStore({ ...storeDeps, logger }, { kind: 'given', url })

  expect(await sql`select 1 as one`.execute(store.db)).toMatchObject({ rows: [{ one: 1 }] })
  expect(failures).toEqual([])
  expect(ended).toBeGreaterThan(2)
  expect(said.filter((text) => text.startsWith('Waiting'))).toEqual([
    'Waiting up to 10 seconds for the database: getaddrinfo ENOTFOUND database.test',
  ])
})

test('a database whose socket is not there yet is waited for', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const url = new URL(database.url)
  const folder = url.searchParams.get('host') ?? ''
  const link = await mkdtemp(join(tmpdir(), 'parley-socket-'))
  onTestFinished(() => rm(link, { recursive: true }))
  const waited = Promise.withResolvers<void>()
  const logger = Object.assign(openLogger('fatal'), {
    warn: (text: unknown) => String(text).startsWith('Waiting') && waited.resolve(),
  })
  url.searchParams.set('host', link)

  const opening = openStore({ ...storeDeps, logger }, { kind: 'given', url: url.href })
  await waited.promise
  await symlink(`${folder}/.s.PGSQL.5432`, `${link}/.s.PGSQL.5432`)
  await using store = await opening

  expect(await sql`select 1 as one`.execute(store.db)).toMatchObject({ rows: [{ one: 1 }] })
})

test('a database whose certificate is of an authority of its own is refused with what to add to the address', async () => {
  const [cert, key] = ['localhost.pem', 'localhost.key'].map((name) =>
    readFileSync(join(TLS_FOLDERS.real, name)),
  )
  await using server = createServer((socket) => {
    socket.on('error', () => undefined)
    // The request for TLS, and that it may begin.
    socket.once('data', () => {
      socket.write('S')
      new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => undefined)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `postgresql://parley@127.0.0.1:${port}/parley?sslmode=verify-full`

  const start = openStore(storeDeps, { kind: 'given', url })

  await expect(start).rejects.toThrow('add sslmode=verify-full&sslrootcert=<path> to the address')
})

type Lookup = (
  host: string,
  options: LookupAllOptions,
  answer: (err: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

test('a start says that the database does not wait for the disk', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const { logger, said } = heard()

  await using _store = await openStore(
    { ...storeDeps, logger },
    { kind: 'given', url: database.url },
  )

  // The database of the tests is one.
  expect(said.join('\n')).toContain('synchronous_commit off')
})

test('a start says that the database has too few connections for the nodes, whatever each of them uses', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using first = await openStore(storeDeps, { kind: 'given', url: database.url })
  const { rows } = await sql<{ takes: number }>`select current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int as takes`.execute(first.db)
  const takes = rows[0]?.takes ?? 0
  const { logger, said } = heard()
  const start = (connections: number) =>
    openStore({ ...storeDeps, logger }, { kind: 'given', url: database.url, connections })
  await first.db
    .insertInto('node')
    .values({ nodeId: 'gone', seenAt: new Date(0) })
    .execute()
  await using _alone = await start(20)
  expect(said.join('\n')).not.toContain('max_connections')

  const other = { nodeId: 'other', seenAt: sql<Date>`clock_timestamp()`, connections: takes - 10 }
  await first.db.insertInto('node').values(other).execute()
  await using _beside = await start(20)

  expect(said.join('\n')).toContain(`and its nodes (2) use up to ${takes + 10}`)
})

test.each(['role', 'database'] as const)(
  'a start says that the limit of the %s allows too few connections',
  async (limited) => {
    const role = `limited_${randomUUID().replaceAll('-', '')}`
    await run(`create role ${role} login password 'own'`)
    onTestFinished(() => run(`drop role ${role}`))
    await using database = await databaseWith(`encoding 'UTF8' locale 'C.UTF-8' owner ${role}`)
    const url = new URL(database.url)
    await run(
      `alter ${limited} ${limited === 'role' ? role : url.pathname.slice(1)} connection limit 12`,
    )
    url.username = role
    url.password = 'own'
    const { logger, said } = heard()

    await using _store = await openStore(
      { ...storeDeps, logger },
      { kind: 'given', url: url.toString() },
    )

    expect(said.join('\n')).toContain(
      `takes 12 connections, and its nodes (1) use up to 17: raise the connection limit of the ${limited}`,
    )
  },
)

test('a database whose encoding lacks most scripts is refused, with what to do', async () => {
  await using database = await databaseWith("encoding 'LATIN1' locale 'C'")

  const start = openStore(storeDeps, { kind: 'given', url: database.url })

  await expect(start).rejects.toThrow(
    /Cannot start: the database cannot be used: its encoding is LATIN1.*encoding 'UTF8'/,
  )
})

test('a role that may not change the schema is refused, with what to do', async () => {
  await using database = await databaseWith("encoding 'UTF8'")
  const role = `role_${randomUUID().replaceAll('-', '')}`
  await run(`create role ${role} login password 'of a test'`)
  const url = new URL(database.url)
  url.username = role
  url.password = 'of a test'

  const start = openStore(storeDeps, { kind: 'given', url: url.toString() })

  await expect(start).rejects.toThrow(
    'Cannot start: the schema cannot be brought up to date: permission denied for schema public; make the role of DATABASE_URL the owner of the database',
  )
  await run(`drop role ${role}`)
})

test('a start says that the database knows capital letters of ASCII only', async () => {
  await using database = await databaseWith("encoding 'UTF8' locale 'C'")
  const { logger, said } = heard()

  await using _store = await openStore(
    { ...storeDeps, logger },
    { kind: 'given', url: database.url },
  )

  expect(said.join('\n')).toContain('small and capital letters of ASCII only')
})

/** A log, and what it warns of. */
function heard() {
  const said: string[] = []
  const warn = (text: unknown) => said.push(String(text))
  return { said, logger: Object.assign(openLogger('fatal'), { warn }) }
}

async function run(statement: string): Promise<void> {
  const url = new URL(inject('templateUrl'))
  url.pathname = '/template1'
  const client = new pg.Client({ connectionString: url.toString() })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** An empty database, beside that of the tests. */
async function databaseWith(options: string): Promise<AsyncDisposable & { url: string }> {
  const name = `made_${randomUUID().replaceAll('-', '')}`
  const url = new URL(inject('templateUrl'))
  await run(`create database ${name} ${options} locale_provider libc template template0`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    url: own.toString(),
    [Symbol.asyncDispose]: () => run(`drop database ${name} with (force)`),
  }
}
