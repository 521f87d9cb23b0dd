import { afterAll, beforeEach, expect, test } from 'vitest'
import { MAIL_ALL, openMailOutbox, liveChatAccount } from '#testing'

const MINUTE = 60_000
const shared = await openMailOutbox()
afterAll(() => shared[Symbol.asyncDispose]())
beforeEach(async () => {
  shared.smtp.mails.length = 0
  shared.smtp.treat = () => 'accept'
  await shared.account.setTranscripts({ rules: [MAIL_ALL] })
})

test('mails are held, and sent by hand one by one or all together', async () => {
  const outbox = shared
  const { smtp, server, account } = outbox
  await account.setTranscripts({ rules: [MAIL_ALL], holdMails: true })
  const [one, two, three] = [await outbox.send(), await outbox.send(), await outbox.send()]
  await server.clock.advance(60 * MINUTE)
  expect(smtp.mails).toEqual([])
  expect((await one.read()).mail).toMatchObject({ state: 'held', tries: 0 })

  await account.admin('POST', `/mails/${one.mailId}/send`)
  await server.clock.advance(0)
  expect((await one.read()).mail.state).toBe('sent')
  const all = await account.admin('POST', '/mails/send', { state: 'held' })
  expect(all.json()).toEqual({ queued: 2, more: false })
  await server.clock.advance(0)
  const sent = [one, two, three].map(async ({ read }) => (await read()).mail.messageId)
  expect(new Set(smtp.mails.map(({ messageId }) => messageId))).toEqual(
    new Set(await Promise.all(sent)),
  )
  const counts = await account.admin('GET', '/mail-counts')
  expect(counts.json()).toMatchObject({ mailServer: true, states: { held: 0 } })
})

test('a deferred mail that is held stays, and a sent one cannot be held', async () => {
  const outbox = shared
  const { smtp, server, account } = outbox
  smtp.treat = () => 'drop'
  const { read, mailId } = await outbox.send()
  const held = await account.admin('POST', `/mails/${mailId}/hold`)
  expect(held.json()).toMatchObject({ state: 'held' })
  smtp.treat = () => 'accept'
  await server.clock.advance(60 * MINUTE)
  expect((await read()).mail).toMatchObject({ state: 'held', tries: 1 })
  await account.admin('POST', `/mails/${mailId}/send`)
  await server.clock.advance(0)
  expect((await read()).mail).toMatchObject({ state: 'sent', tries: 2 })
  const late = await account.admin('POST', `/mails/${mailId}/hold`)
  expect([late.status, late.json()]).toMatchObject([409, { error: { code: 'mail_not_waiting' } }])
})

test('a mail that is sent by hand waits for nothing, and starts its waiting anew', async () => {
  const { smtp, server, account, send } = shared
  smtp.treat = () => ({ content: 451, answer: '4.3.0 later' })
  const { read, mailId } = await send()
  await server.clock.advance(20 * MINUTE)
  const before = (await read()).mail
  expect(Date.parse(before.nextAttemptAt ?? '') - server.clock.now()).toBeGreaterThan(10 * MINUTE)

  await account.admin('POST', `/mails/${mailId}/send`)
  await server.clock.advance(0)
  const after = (await read()).mail
  expect(after).toMatchObject({ state: 'deferred', tries: before.tries + 1 })
  expect(Date.parse(after.nextAttemptAt ?? '') - server.clock.now()).toBe(2000)
  smtp.treat = () => 'accept'
  await server.clock.advance(2000)
  expect((await read()).mail).toMatchObject({ state: 'sent', tries: before.tries + 2 })
  await server.clock.advance(60 * MINUTE)
  expect(smtp.mails).toHaveLength(1)
})

test.each(['held', 'deferred'] as const)(
  'a mail that was %s and is sent by hand while a slow server takes it leaves once',
  async (before) => {
    const { account, server, smtp, send } = shared
    const { db } = server.context.store
    const taken = Promise.withResolvers<void>()
    await account.setTranscripts({ rules: [MAIL_ALL], holdMails: before === 'held' })
    smtp.treat = () => ({ content: 451, answer: '4.3.0 later' })
    const { read, mailId } = await send()
    smtp.treat = () => ({ saysSo: taken.promise })
    const moved = before === 'held' ? undefined : server.clock.advance(2000)
    if (!moved) await account.admin('POST', `/mails/${mailId}/send`)
    await expect.poll(() => smtp.mails.length).toBe(1)

    // As a user does who sees that the mail still waits.
    expect((await read()).mail.state).toBe(before === 'held' ? 'queued' : 'deferred')
    await account.admin('POST', `/mails/${mailId}/send`)
    const all = await account.admin('POST', '/mails/send', { state: 'queued' })
    expect(all.json()).toEqual({ queued: 1, more: false })
    taken.resolve()
    await moved
    const { accountId } = account
    const rows = () =>
      db.selectFrom('outbox').select('id').where('accountId', '=', accountId).execute()
    await expect.poll(rows).toEqual([])
    expect((await read()).mail).toMatchObject({ state: 'sent' })
    expect(smtp.mails).toHaveLength(1)
  },
)

test('a returned notification marks the mail as bounced', async () => {
  const outbox = shared
  const { account } = outbox
  await account.setTranscripts({ rules: [MAIL_ALL], bounceAddress: 'bounces@example.com' })
  const { read } = await outbox.send()
  const { messageId } = (await read()).mail
  expect(outbox.smtp.mails[0]?.envelope.from).toBe('bounces@example.com')

  const reported = await account.admin('POST', '/mail-bounces', { message: bounceOf(messageId) })
  expect(reported.json()).toMatchObject({ messageId, state: 'bounced' })
  await account.admin('POST', '/mail-bounces', { message: bounceOf(messageId) })
  const { mail: bounced } = await read()
  expect(bounced.attempts).toMatchObject([
    { outcome: 'sent' },
    { outcome: 'bounced', answer: '5.1.1 team@example.com: smtp; 550 5.1.1 No such user here' },
  ])
  const other = await liveChatAccount(outbox.server)
  const elsewhere = await other.admin('POST', '/mail-bounces', { message: bounceOf(messageId) })
  expect(elsewhere.status).toBe(404)
  const nonsense = await account.admin('POST', '/mail-bounces', { message: 'Hello' })
  expect(nonsense.status).toBe(400)
})

test('mails and their settings belong to their account and need the permission', async () => {
  const outbox = shared
  const { mailId } = await outbox.send()
  const other = await liveChatAccount(outbox.server)
  expect((await other.admin('GET', `/mails/${mailId}`)).status).toBe(404)
  expect((await other.admin('POST', `/mails/${mailId}/send`)).status).toBe(404)
  expect((await other.admin('GET', '/mails')).json()).toEqual({ mails: [] })
  expect((await outbox.account.john('POST', `/mails/${mailId}/send`)).status).toBe(403)
  expect((await outbox.account.john('PUT', '/transcript-settings', {})).status).toBe(403)
})

test.each([
  [
    'a rule without a receiver',
    { rules: [{ ruleId: 'a', mail: { ...MAIL_ALL.mail, targetEmail: '' } }] },
  ],
  [
    'a line break in a subject',
    { rules: [{ ...MAIL_ALL, mail: { ...MAIL_ALL.mail, subject: 'a\nBcc: b' } }] },
  ],
  ['a rank of 6', { rules: [{ ...MAIL_ALL, csatAtMost: 6 }] }],
  ['one id twice', { rules: [MAIL_ALL, MAIL_ALL] }],
  ['an invalid bounce address', { bounceAddress: 'x' }],
])('settings with %s are refused', async (_what, settings) => {
  const reply = await shared.account.admin('PUT', '/transcript-settings', settings)
  expect(reply.status).toBe(400)
})

function bounceOf(messageId: string): string {
  return [
    'From: MAILER-DAEMON@mail.example.com',
    'To: bounces@example.com',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <20260105.1@mail.example.com>',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--b1',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.example.com',
    '',
    'Final-Recipient: rfc822; team@example.com',
    'Original-Recipient: rfc822;team@example.com',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 No such',
    '    user here',
    '',
    '--b1',
    'Content-Type: text/rfc822-headers',
    '',
    'From: Chat Team <noreply@example.com>',
    `Message-ID: ${messageId}`,
    'Subject: Your chat',
    '',
    '--b1--',
    '',
  ].join('\r\n')
}
