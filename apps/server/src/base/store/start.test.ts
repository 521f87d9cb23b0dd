import { expect, inject, test } from 'vitest'
import { openLogger } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openFakePooler } from './fake-pooler.fixture.ts'
import { openStore } from './open.ts'
import { storeDeps } from './store-deps.fixture.ts'

test('a pooler that shares its sessions is refused, with what to do', async () => {
  await using pooler = await openFakePooler()

  const start = openStore(storeDeps, { kind: 'given', url: pooler.url })

  await expect(start).rejects.toThrow(/Cannot start: .*pooler in transaction mode.*session mode/)
})

test('a start says that the database does not wait for the disk', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  const said: string[] = []
  const logger = Object.assign(openLogger('fatal'), {
    warn: (text: unknown) => said.push(String(text)),
  })

  await using _store = await openStore(
    { ...storeDeps, logger },
    { kind: 'given', url: database.url },
  )

  // The database of the tests is one.
  expect(said.join('\n')).toContain('synchronous_commit off')
})
