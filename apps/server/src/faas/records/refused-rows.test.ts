import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { lambdasOf, startTestServer, type TestServer } from '#testing'

const DAY_MS = 86_400_000

/** As after a change of the clock: no table takes the rows of today. */
async function dropToday({ clock, context }: TestServer, table: string): Promise<void> {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '')
  await sql`drop table ${sql.id(`${table}_p${day}`)}`.execute(context.store.db)
}

test('records that the database refuses hold up neither logs nor counts', async () => {
  await using server = await startTestServer()
  const account = lambdasOf(server)
  await account.native('PATCH', '/settings', { recordings: { policy: 'off' } })
  const functionId = await account.deployed(`const lambda = async () => console.info('seen')`)
  await dropToday(server, 'invocation_bundle')

  expect((await account.invoke(functionId, 1)).status).toBe(200)

  const logs = await account.native('GET', `/logs?functionId=${functionId}`)
  expect(logs.json()).toMatchObject({ entries: [{ message: 'seen' }] })
  expect((await account.native('GET', '/usage')).json()).toMatchObject({ monthSucceeded: 1 })
})

test('a recording that the database refuses holds up no other one', async () => {
  await using server = await startTestServer()
  const recorded = async () => {
    const account = lambdasOf(server, await server.anotherAccount())
    await account.native('PATCH', '/settings', { recordings: { policy: 'all' } })
    const functionId = await account.deployed(
      `const lambda = async () => require('crypto').randomBytes(8_000).length`,
    )
    await account.invoke(functionId, 1)
    const reply = await account.native('GET', `/invocations?functionId=${functionId}`)
    const [run] = reply.json<{ invocations: { recordId: string }[] }>().invocations
    return (await account.native('GET', `/invocations/${run?.recordId}/recording`)).status
  }
  await dropToday(server, 'recording')
  expect(await recorded()).toBe(404)
  // A table for tomorrow is there; at half past midnight that of today would be made again.
  await server.clock.advance(DAY_MS + 60_000 - (server.clock.now() % DAY_MS))
  expect(await recorded()).toBe(200)
})
