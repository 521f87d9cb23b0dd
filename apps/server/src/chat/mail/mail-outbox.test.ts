import { afterAll, beforeEach, expect, test } from 'vitest'
import { MAIL_ALL, openMailOutbox, openTestMailServer, readMail } from '#testing'

const MINUTE = 60_000
const shared = await openMailOutbox()
afterAll(() => shared[Symbol.asyncDispose]())
beforeEach(async () => {
  shared.smtp.mails.length = 0
  shared.smtp.treat = () => 'accept'
  await shared.account.setTranscripts({ rules: [MAIL_ALL] })
})

test('a mail is sent once, with the transcript as HTML and as text', async () => {
  const outbox = shared
  const { read, chat } = await outbox.send()
  const { mail: record, html, text } = await read()
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
  await using outbox = await openMailOutbox()
  const { server, smtp } = outbox
  await smtp[Symbol.asyncDispose]()
  const { read } = await outbox.send()
  const first = (await read()).mail
  expect(first).toMatchObject({ state: 'deferred', tries: 1 })
  expect(first.attempts[0]?.answer).toMatch(/ECONNREFUSED/)
  const wait = Date.parse(first.nextAttemptAt ?? '') - server.clock.now()
  expect(wait).toBe(2000)

  await server.clock.advance(60 * MINUTE)
  const { mail: after } = await read()
  expect(after.state).toBe('deferred')
  expect(after.tries).toBeGreaterThan(5)
  expect(after.tries).toBeLessThan(10)

  await using back = await openTestMailServer({ port: smtp.port })
  await server.clock.advance(60 * MINUTE)
  expect((await read()).mail.state).toBe('sent')
  expect(back.mails.map(({ messageId }) => messageId)).toEqual([after.messageId])
})

test('a mail that is never taken is given up after two days, and can be sent by hand then', async () => {
  await using outbox = await openMailOutbox()
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
  const { read } = await outbox.send()
  await server.clock.advance(60 * MINUTE)
  expect((await read()).mail).toMatchObject({
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
  const { read } = await outbox.send()
  await server.clock.advance(MINUTE)
  const { mail: record } = await read()
  expect(record).toMatchObject({ state: 'sent', tries: 3 })
  expect(smtp.mails.map(({ messageId }) => messageId)).toEqual(Array(3).fill(record.messageId))
})

test('without a mail server mails are kept and can be read, and nothing counts as sent', async () => {
  await using outbox = await openMailOutbox({ mailServer: false })
  const { read } = await outbox.send()
  const { mail: record, source, text } = await read()
  expect(record).toMatchObject({ state: 'kept', tries: 1, attempts: [{ outcome: 'kept' }] })
  const kept = await readMail(source ?? '')
  expect(kept.messageId).toBe(record.messageId)
  expect(kept.text?.trim()).toBe(text.trim())
  const counts = await outbox.account.admin('GET', '/mail-counts')
  expect(counts.json()).toMatchObject({ mailServer: false, states: { kept: 1, sent: 0 } })
})

test('a chat of 5,000 messages with markup arrives whole, and stays text', async () => {
  const outbox = shared
  const { account, server } = outbox
  const chat = await account.accepted({ name: 'Ada' })
  const lines = Array.from({ length: 5000 }, (_, n) => `<script>alert(${n})</script> & "${n}"`)
  // Sending them one after the other would take a minute.
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
