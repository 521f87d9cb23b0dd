import type { TranscriptMailRecord } from '@parley/contract'
import { afterAll, beforeEach, expect, test } from 'vitest'
import {
  type LiveChatAccount,
  liveChatAccount,
  openTestMailServer,
  readMail,
  startTestServer,
  type TestServer,
} from '#testing'

const MINUTE = 60_000
const ALL = {
  ruleId: 'all',
  mail: {
    targetEmail: 'team@example.com',
    senderName: 'Chat Team',
    senderEmail: 'noreply@example.com',
    subject: 'Your chat',
  },
}

/** An outbox of its own: server, mail server, and an account whose every chat is mailed. */
async function openOutbox(options: { smtp?: boolean } = {}) {
  await using opened = new AsyncDisposableStack()
  const smtp = opened.use(await openTestMailServer())
  const env = options.smtp === false ? {} : { PARLEY_SMTP_URL: smtp.url }
  const server = opened.use(await startTestServer({ env }))
  const account = await liveChatAccount(server)
  await account.setTranscripts({ rules: [ALL] })
  const resources = opened.move()
  return {
    smtp,
    server,
    account,
    send: () => sendTranscript(server, account),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

const shared = await openOutbox()
afterAll(() => shared[Symbol.asyncDispose]())
beforeEach(async () => {
  shared.smtp.mails.length = 0
  shared.smtp.treat = () => 'accept'
  await shared.account.setTranscripts({ rules: [ALL] })
})

async function sendTranscript(server: TestServer, account: LiveChatAccount, text = 'Hello') {
  const chat = await account.ended({ name: 'Ada', text })
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  await server.clock.advance(0)
  const { mails } = (await account.admin('GET', `/mails?chatId=${chat.chatId}`)).json<{
    mails: TranscriptMailRecord[]
  }>()
  const [{ mailId } = { mailId: '' }] = mails
  return {
    chat,
    mailId,
    async mail() {
      return (await account.admin('GET', `/mails/${mailId}`)).json<{
        mail: TranscriptMailRecord
        html: string
        text: string
        source?: string
      }>()
    },
  }
}

test('a mail is sent once, with the transcript as HTML and as text', async () => {
  const outbox = shared
  const { mail, chat } = await outbox.send()
  const { mail: record, html, text } = await mail()
  expect(record).toMatchObject({
    state: 'sent',
    tries: 1,
    source: 'all',
    attempts: [{ outcome: 'sent', answer: expect.stringContaining('250') }],
  })
  expect(outbox.smtp.mails).toHaveLength(1)
  const received = await readMail(outbox.smtp.mails[0]?.raw ?? '')
  expect(received.messageId).toBe(record.messageId)
  expect(received.text?.trim()).toBe(text.trim())
  expect(received.html?.trim()).toBe(html.trim())
  expect(text).toContain(`Chat: ${chat.chatId}`)
  expect(text).toContain('Ada: Hello')
})

test('while the mail server is down for an hour mails wait longer and longer, then leave', async () => {
  await using outbox = await openOutbox()
  const { server, smtp } = outbox
  await smtp[Symbol.asyncDispose]()
  const { mail } = await outbox.send()
  const first = (await mail()).mail
  expect(first).toMatchObject({ state: 'deferred', tries: 1 })
  expect(first.attempts[0]?.answer).toMatch(/ECONNREFUSED/)
  const wait = Date.parse(first.nextAttemptAt ?? '') - server.clock.now()
  expect(wait).toBe(2000)

  await server.clock.advance(60 * MINUTE)
  const { mail: after } = await mail()
  expect(after.state).toBe('deferred')
  expect(after.tries).toBeGreaterThan(5)
  expect(after.tries).toBeLessThan(10)

  await using back = await openTestMailServer({ port: smtp.port })
  await server.clock.advance(60 * MINUTE)
  expect((await mail()).mail.state).toBe('sent')
  expect(back.mails.map(({ messageId }) => messageId)).toEqual([after.messageId])
})

test('a mail that is never taken is given up after two days, and can be sent by hand then', async () => {
  await using outbox = await openOutbox()
  const { server, smtp, account } = outbox
  smtp.treat = () => ({ content: 451, answer: '4.3.0 later' })
  const { mailId } = await outbox.send()
  await server.clock.advance(3 * 24 * 60 * MINUTE)
  const admin = await account.adminAgain()
  const shown = async () => (await admin('GET', `/mails/${mailId}`)).json<{ mail: object }>().mail
  expect(await shown()).toMatchObject({ state: 'failed', tries: 13 })

  await admin('POST', `/mails/${mailId}/send`)
  await server.clock.advance(0)
  expect(await shown()).toMatchObject({ state: 'deferred', tries: 14 })
  smtp.treat = () => 'accept'
  await server.clock.advance(MINUTE)
  expect(await shown()).toMatchObject({ state: 'sent', tries: 15 })
})

test('a refusal is final and visible', async () => {
  const outbox = shared
  const { smtp, server } = outbox
  smtp.treat = () => ({ receiver: 550, answer: '5.1.1 no such user' })
  const { mail } = await outbox.send()
  await server.clock.advance(60 * MINUTE)
  expect((await mail()).mail).toMatchObject({
    state: 'refused',
    tries: 1,
    attempts: [{ outcome: 'refused', answer: expect.stringContaining('no such user') }],
  })
})

test('a server that takes a mail and drops the connection gets it again, under the same Message-ID', async () => {
  const outbox = shared
  const { smtp, server } = outbox
  let count = 0
  smtp.treat = () => (++count <= 2 ? 'accept-and-drop' : 'accept')
  const { mail } = await outbox.send()
  await server.clock.advance(MINUTE)
  const { mail: record } = await mail()
  expect(record).toMatchObject({ state: 'sent', tries: 3 })
  expect(smtp.mails.map(({ messageId }) => messageId)).toEqual(Array(3).fill(record.messageId))
})

test('mails are held, and sent by hand one by one or all together', async () => {
  const outbox = shared
  const { smtp, server, account } = outbox
  await account.setTranscripts({ rules: [ALL], holdMails: true })
  const [one, two, three] = [await outbox.send(), await outbox.send(), await outbox.send()]
  await server.clock.advance(60 * MINUTE)
  expect(smtp.mails).toEqual([])
  expect((await one.mail()).mail).toMatchObject({ state: 'held', tries: 0 })

  await account.admin('POST', `/mails/${one.mailId}/send`)
  await server.clock.advance(0)
  expect((await one.mail()).mail.state).toBe('sent')
  const all = await account.admin('POST', '/mails/send', { state: 'held' })
  expect(all.json()).toEqual({ queued: 2, more: false })
  await server.clock.advance(0)
  const sent = [one, two, three].map(async ({ mail }) => (await mail()).mail.messageId)
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
  const { mail, mailId } = await outbox.send()
  const held = await account.admin('POST', `/mails/${mailId}/hold`)
  expect(held.json()).toMatchObject({ state: 'held' })
  smtp.treat = () => 'accept'
  await server.clock.advance(60 * MINUTE)
  expect((await mail()).mail).toMatchObject({ state: 'held', tries: 1 })
  await account.admin('POST', `/mails/${mailId}/send`)
  await server.clock.advance(0)
  expect((await mail()).mail).toMatchObject({ state: 'sent', tries: 2 })
  const late = await account.admin('POST', `/mails/${mailId}/hold`)
  expect([late.status, late.json()]).toMatchObject([409, { error: { code: 'mail_not_waiting' } }])
})

test('a mail that is sent by hand waits for nothing, and starts its waiting anew', async () => {
  const { smtp, server, account, send } = shared
  smtp.treat = () => ({ content: 451, answer: '4.3.0 later' })
  const { mail, mailId } = await send()
  await server.clock.advance(20 * MINUTE)
  const before = (await mail()).mail
  expect(Date.parse(before.nextAttemptAt ?? '') - server.clock.now()).toBeGreaterThan(10 * MINUTE)

  await account.admin('POST', `/mails/${mailId}/send`)
  await server.clock.advance(0)
  const after = (await mail()).mail
  expect(after).toMatchObject({ state: 'deferred', tries: before.tries + 1 })
  expect(Date.parse(after.nextAttemptAt ?? '') - server.clock.now()).toBe(2000)
  smtp.treat = () => 'accept'
  await server.clock.advance(2000)
  expect((await mail()).mail).toMatchObject({ state: 'sent', tries: before.tries + 2 })
  await server.clock.advance(60 * MINUTE)
  expect(smtp.mails).toHaveLength(1)
})

test('without a mail server mails are kept and can be read, and nothing counts as sent', async () => {
  await using outbox = await openOutbox({ smtp: false })
  const { mail } = await outbox.send()
  const { mail: record, source, text } = await mail()
  expect(record).toMatchObject({ state: 'kept', tries: 1, attempts: [{ outcome: 'kept' }] })
  const kept = await readMail(source ?? '')
  expect(kept.messageId).toBe(record.messageId)
  expect(kept.text?.trim()).toBe(text.trim())
  const counts = await outbox.account.admin('GET', '/mail-counts')
  expect(counts.json()).toMatchObject({ mailServer: false, states: { kept: 1, sent: 0 } })
})

test('a returned notification marks the mail as bounced', async () => {
  const outbox = shared
  const { account } = outbox
  await account.setTranscripts({ rules: [ALL], bounceAddress: 'bounces@example.com' })
  const { mail } = await outbox.send()
  const { messageId } = (await mail()).mail
  expect(outbox.smtp.mails[0]?.envelope.from).toBe('bounces@example.com')

  const reported = await account.admin('POST', '/mail-bounces', { message: bounceOf(messageId) })
  expect(reported.json()).toMatchObject({ messageId, state: 'bounced' })
  await account.admin('POST', '/mail-bounces', { message: bounceOf(messageId) })
  const { mail: bounced } = await mail()
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
    { rules: [{ ruleId: 'a', mail: { ...ALL.mail, targetEmail: '' } }] },
  ],
  [
    'a line break in a subject',
    { rules: [{ ...ALL, mail: { ...ALL.mail, subject: 'a\nBcc: b' } }] },
  ],
  ['a rank of 6', { rules: [{ ...ALL, csatAtMost: 6 }] }],
  ['one id twice', { rules: [ALL, ALL] }],
  ['an invalid bounce address', { bounceAddress: 'x' }],
])('settings with %s are refused', async (_what, settings) => {
  const reply = await shared.account.admin('PUT', '/transcript-settings', settings)
  expect(reply.status).toBe(400)
})

test('a chat of 5,000 lines with markup arrives whole, and stays text', async () => {
  const outbox = shared
  const { account, server } = outbox
  const chat = await account.accepted({ name: 'Ada' })
  const lines = Array.from({ length: 5000 }, (_, n) => `<script>alert(${n})</script> & "${n}"`)
  // One line after the other through the door would take a minute.
  const rows = lines.map((text, index) => ({
    accountId: account.accountId,
    conversationId: chat.chatId,
    dialogId: chat.chatId,
    sequence: index + 100,
    at: new Date(server.clock.now()),
    requestKey: null,
    body: { type: 'line', by: 'CONSUMER', name: 'Ada', text },
  }))
  for (let start = 0; start < rows.length; start += 1000) {
    const some = rows.slice(start, start + 1000)
    await server.context.store.db.insertInto('message').values(some).execute()
  }
  await chat.consumer('POST', '/end')
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  await server.clock.advance(0)

  const { text = '', html = '' } = await readMail(outbox.smtp.mails[0]?.raw ?? '')
  const received = text.split('\n').filter((line) => line.includes('] Ada: '))
  expect(received.map((line) => line.slice('[2026-01-05 10:00:00] Ada: '.length))).toEqual(lines)
  expect(html).not.toContain('<script')
  expect(html.match(/&lt;script&gt;/g)).toHaveLength(5000)
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
