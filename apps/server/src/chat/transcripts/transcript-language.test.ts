import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, openTestMailServer, startTestServer } from '#testing'

const smtp = await openTestMailServer()
const server = await startTestServer({
  env: { PARLEY_SMTP_URL: smtp.url, PARLEY_LOG_LEVEL: 'error' },
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await smtp[Symbol.asyncDispose]()
})

await server.clock.advance(Date.UTC(2026, 0, 5, 23, 30) - server.clock.now())

test.each([
  [{}, 'Started: 2026-01-05 23:30:00 UTC', 'The consumer ended the chat'],
  [
    { timeZone: 'Europe/Berlin', language: 'de-DE' },
    'Beginn: 06.01.2026 00:30:00 MEZ',
    'Der Kunde hat den Chat beendet',
  ],
  [
    { timeZone: 'America/New_York', language: 'en-GB' },
    'Started: 2026-01-05 18:30:00 EST',
    'The consumer ended the chat',
  ],
  [
    { timeZone: 'Asia/Tokyo', language: 'fr-FR' },
    'Started: 2026-01-06 08:30:00 GMT+9',
    'The consumer ended the chat',
  ],
])(
  'a transcript is in the time zone and the language of its account: %j',
  async (settings, started, ended) => {
    const account = await liveChatAccount(server)
    expect((await account.admin('PATCH', '/settings', settings)).status).toBe(200)
    await account.setTranscripts({
      rules: [
        {
          ruleId: 'all',
          mail: {
            targetEmail: 'ada@example.com',
            senderName: 'X',
            senderEmail: 'noreply@example.com',
            subject: 'Transcript',
          },
        },
      ],
    })
    const chat = await account.ended({ name: 'Ada', text: 'Hello' })
    const before = smtp.mails.length
    expect((await chat.consumer('POST', '/survey', { csatRank: 3 })).status).toBe(201)
    await server.clock.advance(0)

    expect(smtp.mails.slice(before)).toMatchObject([{ raw: expect.stringContaining(started) }])
    const { text, html } = (await account.john('GET', `/chats/${chat.chatId}/transcript`)).json<{
      text: string
      html: string
    }>()
    expect(text).toContain(started)
    expect(text).toContain(`* ${ended}\n`)
    expect(html).toContain(ended)
  },
)
