import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { givenFolder, starting } from './start.fixture.ts'

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a start says that its database does not answer, and %s ends it before it does',
  async (signal) => {
    const server = startingOn(await silentDatabase())
    await server.heard('Waiting for an answer of the database')

    server.child.kill(signal)

    expect(await server.ended).toEqual([0, null])
    expect(server.said()).toContain('Stopping')
    expect(server.said()).not.toContain('ready')
    expect(server.said()).not.toContain('Cannot start')
  },
)

test('a start that a dump keeps from its upgrade names it; Ctrl-C ends the start, and nothing of it stays in the database', async () => {
  const database = await cloneDatabase(inject('templateUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  const dump = await openSession(database.url, 'pg_dump')
  for (const table of ['conversation', 'document']) {
    await dump.query(`drop function follow_${table}_state cascade`)
  }
  await dump.query(`delete from schema_migration where name like '145-%'`)
  await dump.query('begin; select from document')
  const server = startingOn(database.url)
  await server.heard('(pg_dump, for')
  expect(server.said()).toMatch(/Waiting for the upgrade of .* process \d+ of the database/)

  server.child.kill('SIGINT')

  expect(await server.ended).toEqual([0, null])
  const other = await openSession(database.url, 'other')
  const countUpgrades = async () => {
    const { rowCount } = await other.query(
      `select from pg_stat_activity where application_name like 'parley upgrade%' and datname = current_database()`,
    )
    return rowCount
  }
  await expect.poll(countUpgrades).toBe(0)
  const { rows } = await other.query(`select from schema_migration where name like '145-%'`)
  expect(rows).toEqual([])
})

test('SIGTERM ends a first start that sets up the database, and the next one makes all of it', async () => {
  const folder = reachableFolder()
  const first = starting(settingsOf(folder))
  await expect.poll(() => isSettingUp(folder)).toBe(true)
  first.child.kill('SIGTERM')
  expect(await first.ended).toEqual([0, null])

  await expectStart(folder)
})

test('a start after a kill of one that set up the database does not meet what that left running', async () => {
  const folder = reachableFolder()
  const first = starting(settingsOf(folder))
  await expect.poll(() => isSettingUp(folder)).toBe(true)
  first.child.kill('SIGKILL')
  await first.ended

  await expectStart(folder)
})

/** Also for the user of the database, where root runs the tests. */
function reachableFolder(): string {
  const folder = givenFolder()
  chmodSync(folder, 0o711)
  return folder
}

async function expectStart(folder: string) {
  const server = starting(settingsOf(folder))
  await server.heard('Parley is ready')
  expect(server.said()).not.toContain('Cannot start')
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
  expect(readdirSync(join(folder, 'postgres')).filter((name) => name.includes('.new'))).toEqual([])
}

function isSettingUp(folder: string): boolean {
  const names = readdirSync(folder).includes('postgres')
    ? readdirSync(join(folder, 'postgres'))
    : []
  return names.some(
    (name) =>
      name.startsWith('cluster.new-') && existsSync(join(folder, 'postgres', name, 'global')),
  )
}

function settingsOf(folder: string): Record<string, string> {
  return { PARLEY_PORT: '0', PARLEY_TLS_PORT: '0', PARLEY_DATA: folder }
}

function startingOn(url: string) {
  return starting({ ...settingsOf(givenFolder()), DATABASE_URL: url })
}

async function openSession(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** A database that takes connections, and says nothing. */
async function silentDatabase(): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `postgresql://parley:parley@127.0.0.1:${(server.address() as AddressInfo).port}/parley`
}
