import { expect, test } from 'vitest'
import { DAY_MS, openReporting } from './reported.fixture.ts'

test('without a mail server the preview says so, and reports can be read in the outbox', async () => {
  await using reporting = await openReporting({ mailServer: false })
  const { native, set } = await reporting.newAccount()
  await set('daily', ['ann@example.com'])
  const preview = await native('GET', '/report-preview')
  expect(preview.json()).toMatchObject({
    mailServer: false,
    senderEmail: 'parley@parley.example.com',
    nextAt: '2026-01-06T01:00:00.000Z',
    from: '2026-01-04T00:00:00.000Z',
  })

  await reporting.server.clock.advance(DAY_MS)

  expect((await native('GET', '/mails')).json()).toMatchObject({
    mails: [{ state: 'kept', targetEmail: 'ann@example.com' }],
  })
})

test('the sender is the first address among those of the account; without any the report is held', async () => {
  await using reporting = await openReporting({ publicUrl: false })
  const { native, set, address, received, read } = await reporting.newAccount()
  await set('daily', [address('ann')])
  expect((await native('GET', '/report-preview')).json<object>()).not.toHaveProperty('senderEmail')
  await reporting.server.clock.advance(DAY_MS)
  expect(received()).toEqual([])
  expect((await native('GET', '/mails')).json()).toMatchObject({
    mails: [{ state: 'held', heldBecause: expect.stringContaining('senders') }],
  })

  const senders = ['@example.com', 'team@example.com']
  await native('PUT', '/transcript-settings', { senders })
  await reporting.server.clock.advance(DAY_MS)
  expect(received()).toHaveLength(1)
  expect((await read()).from).toMatchObject({ address: 'team@example.com' })
})
