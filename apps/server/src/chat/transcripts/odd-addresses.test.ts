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

/** Of RFC 5321: signs before the `@`, and a last label that is not ASCII, as registries write it. */
const ADDRESSES = [
  'sales&service@example.com',
  'bounces+john=example.org@example.com',
  '{all}/x#1!$%*?^`|~@example.com',
  "o'neil'@example.com",
  'john@xn--e1afmkfd.xn--80akhbyknj4f',
]

test('a consumer and a function may name every usual address, and mails reach it', async () => {
  const account = await liveChatAccount(server)
  const mails = ADDRESSES.map((targetEmail) => ({
    targetEmail,
    senderName: 'X',
    senderEmail: 'noreply@example.com',
    subject: 'Transcript',
  }))
  const code = `function lambda(input, callback) { callback(null, ${JSON.stringify(mails)}) }`
  await account.deploy('transcripts', code)

  for (const email of ADDRESSES) {
    const chat = await account.ended({ name: 'Ada', text: 'Hello', email })
    if (email !== ADDRESSES[0]) continue
    await chat.consumer('POST', '/survey', { csatRank: 3 })
    await server.clock.advance(0)
  }

  const named = smtp.mails.map(({ raw }) => /^To: (.*)$/m.exec(raw)?.[1]?.trim() ?? '')
  expect(named.toSorted()).toEqual(ADDRESSES.toSorted())
  const receivers = smtp.mails.flatMap(({ envelope }) => envelope.to)
  // The mail server of the tests shows domains as they are read.
  const shown = ADDRESSES.map((address) => address.replace(/xn--.*$/, 'пример.испытание'))
  expect(receivers.toSorted()).toEqual(shown.toSorted())
})
