import type { TranscriptMailRecord } from '@parley/contract'
import { Agent } from 'undici'
import { expect, test } from 'vitest'
import {
  liveChatAccount,
  MAIL_ALL,
  openTestMailServer,
  sendRequest,
  startTestServer,
  type TestServer,
} from '#testing'

const CONNECTIONS = 5
const MAILS = 20

test('a node that stops while the mail server hangs gives its mails back, and notes no attempt', async () => {
  await using smtp = await openTestMailServer()
  const env = { PARLEY_SMTP_URL: smtp.url }
  await using server = await startTestServer({ clock: 'system', env, nodes: 2 })
  const agent = new Agent()
  await using _ = { [Symbol.asyncDispose]: () => agent.destroy() }
  let url = server.url
  const request: TestServer['request'] = (method, path, sent) =>
    sendRequest(agent, url, method, path, sent)
  const account = await liveChatAccount(
    Object.assign(Object.create(server) as TestServer, { request }),
  )
  await account.setChat({ startsPerMinute: 1000 })
  await account.setTranscripts({ rules: [MAIL_ALL], holdMails: true })
  for (let mail = 0; mail < MAILS; mail += 1) {
    const chat = await account.ended({ name: 'Ada', text: 'Hello' })
    await chat.consumer('POST', '/survey', { csatRank: 1 })
  }
  const counted = async () =>
    (await account.admin('GET', '/mail-counts')).json<{ states: Record<string, number> }>().states
  await expect.poll(counted).toMatchObject({ held: MAILS })
  smtp.treat = () => 'hang'
  await account.admin('POST', '/mails/send', { state: 'held' })
  await expect.poll(() => smtp.attempts).toBe(CONNECTIONS)

  // Of new connections.
  smtp.treat = () => 'accept'
  await server.contexts[0]![Symbol.asyncDispose]()
  url = server.urls[1]!
  await expect.poll(counted).toMatchObject({ sent: MAILS })
  const { mails } = (await account.admin('GET', '/mails?limit=500')).json<{
    mails: TranscriptMailRecord[]
  }>()
  expect(mails.map(({ attempts }) => attempts)).toEqual(
    mails.map(() => [expect.objectContaining({ outcome: 'sent' })]),
  )
})
