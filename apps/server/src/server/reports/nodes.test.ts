import { expect, test } from 'vitest'
import {
  lambdasOf,
  lockTable,
  openTestMailServer,
  startDoomedNode,
  startTestServer,
  waitingFor,
} from '#testing'
import { DAY_MS, openReporting } from './reported.fixture.ts'

test('of two nodes one sends the report', async () => {
  await using reporting = await openReporting({ nodes: 2 })
  const accounts = [await reporting.newAccount(), await reporting.newAccount()]
  for (const { set, address } of accounts) await set('daily', [address('ann'), address('bob')])

  await reporting.server.clock.advance(3 * DAY_MS)

  for (const { received } of accounts) expect(received()).toHaveLength(6)
})

test('a report leaves once when its node dies while it writes the mails', async () => {
  await using smtp = await openTestMailServer()
  const env = { PARLEY_SMTP_URL: smtp.url }
  await using server = await startTestServer({ clock: 'system', env })
  // Timers are left to the node that dies.
  await server.context.delivery.drain(0)
  await using doomed = await startDoomedNode(server, env)
  const { native } = lambdasOf(server)
  await native('PUT', '/transcript-settings', { senders: ['team@example.com'] })
  await native('PUT', '/report-settings', {
    frequency: 'daily',
    recipients: ['ann@example.com', 'bob@example.com'],
  })
  const { db } = server.context.store
  {
    await using _ = await lockTable(server, 'document', { for: 'writers' })
    const now = new Date()
    await db
      .updateTable('timer')
      .set({ dueAt: now, runAt: now })
      .where('kind', '=', 'report')
      .execute()
    await expect.poll(() => waitingFor(server, 'document')).not.toBe(0)
    await doomed.kill()
  }
  expect(smtp.mails).toEqual([])

  await doomed.start()

  await expect.poll(() => smtp.mails.length).toBe(2)
  const timer = db.selectFrom('timer').select('dueAt').where('kind', '=', 'report')
  const { dueAt } = await timer.executeTakeFirstOrThrow()
  expect(dueAt.getTime()).toBeGreaterThan(Date.now())
  expect(new Set(smtp.mails.map(({ envelope }) => envelope.to[0]))).toEqual(
    new Set(['ann@example.com', 'bob@example.com']),
  )
})
