import type { TranscriptMailRecord } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { liveBytes, MAIL_ALL, openMailOutbox, type TestMailOutbox } from '#testing'

const CONNECTIONS = 5
const MAILS = 40
/** Of each transcript. */
const LINES = 5
const LINE = 'x'.repeat(100_000)

const shared = await openMailOutbox()
afterAll(() => shared[Symbol.asyncDispose]())

/** Rates a chat with long lines, whose mail is held. */
async function holdLongMail({ account, server }: TestMailOutbox): Promise<void> {
  const chat = await account.accepted({ name: 'Ada' })
  const rows = Array.from({ length: LINES }, (_, line) => ({
    accountId: account.accountId,
    conversationId: chat.chatId,
    dialogId: chat.chatId,
    sequence: line + 100,
    at: new Date(server.clock.now()),
    requestKey: null,
    body: { type: 'line', by: 'CONSUMER', name: 'Ada', text: LINE },
  }))
  const { db } = server.context.store
  await db.insertInto('message').values(rows).execute()
  await sql`update document set state = state || ${{ characters: LINES * LINE.length }}
    where kind = 'chat' and id = ${chat.chatId}`.execute(db)
  await chat.consumer('POST', '/end')
  await chat.consumer('POST', '/survey', { csatRank: 1 })
}

test('mails that wait for a mail server that hangs are not in memory, and can still be held', async () => {
  const { account, smtp, server } = shared
  await account.setChat({ startsPerMinute: 1000 })
  await account.setTranscripts({ rules: [MAIL_ALL], holdMails: true })
  for (let mail = 0; mail < MAILS; mail += 1) await holdLongMail(shared)
  const counted = async () =>
    (await account.admin('GET', '/mail-counts')).json<{ states: Record<string, number> }>().states
  await expect.poll(counted).toMatchObject({ held: MAILS })
  const before = liveBytes()

  smtp.treat = () => 'hang'
  await account.admin('POST', '/mails/send', { state: 'held' })
  await expect.poll(() => smtp.attempts).toBe(CONNECTIONS)
  expect(await counted()).toMatchObject({ queued: MAILS })
  // All of them are 60 MB: what was read, HTML and text.
  expect(liveBytes() - before).toBeLessThan(30_000_000)

  const { mails } = (await account.admin('GET', '/mails?state=queued&limit=500')).json<{
    mails: TranscriptMailRecord[]
  }>()
  for (const { mailId } of mails) await account.admin('POST', `/mails/${mailId}/hold`)
  // So that nothing that was read before is sent.
  server.leap(2000)
  smtp.treat = () => 'accept'
  // The time that the mail server has for a mail.
  // The next mail of each connection was ready, and leaves; no other one does.
  expect(server.ring(10 * 60_000)).toBe(CONNECTIONS)
  await server.clock.advance(60_000)
  expect(await counted()).toMatchObject({ held: MAILS - CONNECTIONS, sent: CONNECTIONS })
  expect(smtp.mails).toHaveLength(CONNECTIONS)

  await account.admin('POST', '/mails/send', { state: 'held' })
  await expect.poll(counted).toMatchObject({ sent: MAILS })
  expect(smtp.mails).toHaveLength(MAILS)
})
