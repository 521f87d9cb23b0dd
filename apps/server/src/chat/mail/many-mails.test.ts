import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import {
  liveChatAccount,
  MAIL_ALL,
  openPlanWitness,
  openTestMailServer,
  startTestServer,
} from '#testing'

const CHATS = 4
const MAILS_PER_CHAT = 40
const MAILS = CHATS * MAILS_PER_CHAT

test('mails that wait together are read together: what they say, too', async () => {
  await using smtp = await openTestMailServer()
  await using database = await cloneDatabase(inject('templateUrl'))
  await using witness = await openPlanWitness(database.url)
  await using server = await startTestServer({
    databaseUrl: witness.url,
    env: { PARLEY_SMTP_URL: smtp.url },
  })
  const account = await liveChatAccount(server)
  const rules = Array.from({ length: MAILS_PER_CHAT }, (_, rule) => ({
    ...MAIL_ALL,
    ruleId: `rule${rule}`,
  }))
  await account.setTranscripts({ rules, holdMails: true })
  for (let chat = 0; chat < CHATS; chat += 1) {
    const { consumer } = await account.ended({ name: 'Ada', text: 'Hello' })
    await consumer('POST', '/survey', { csatRank: 1 })
  }
  const counted = async () =>
    (await account.admin('GET', '/mail-counts')).json<{ states: Record<string, number> }>().states
  await expect.poll(counted).toMatchObject({ held: MAILS })
  witness.take()

  await account.admin('POST', '/mails/send', { state: 'held' })
  await expect.poll(() => smtp.mails.length).toBe(MAILS)

  const statements = witness.take().map(({ text }) => text)
  const readings = statements.filter((text) => text.includes('from "message"'))
  expect(readings.length).toBeGreaterThan(0)
  // One by one, they would be as many as there are mails.
  expect(readings.length).toBeLessThan(MAILS / 8)
})
