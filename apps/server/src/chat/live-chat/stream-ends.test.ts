import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, lockTable, openEventSource, startTestServer, waitingFor } from '#testing'

const server = await startTestServer({ nodes: 2, env: { PARLEY_LOG_LEVEL: 'fatal' } })
afterAll(() => server[Symbol.asyncDispose]())
const [here, there] = server.urls as [string, string]

test('whoever shows a chat is told that it was erased, on every node', async () => {
  const account = await liveChatAccount(server)
  const base = `/api/v1/accounts/${account.accountId}`
  const session = await server.request('POST', `${base}/sessions`, {
    body: { loginName: 'jane', password: 'correct horse' },
  })
  const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
  const listen = (path: string) => openEventSource(`${there}${base}${path}`, { authorization })
  using all = await listen('/chat-events')
  await all.until(({ event }) => event === 'ready')
  const chat = await account.ended()
  await all.until(({ json }) => json['chatId'] === chat.chatId && json['stage'] === 'ended')
  using updates = await listen('/updates?topics=chats&topics=mails')
  await updates.until(({ event }) => event === 'ready')
  using agent = await listen(`/chats/${chat.chatId}/events`)
  const path = `${base}/consumer/chats/${chat.chatId}/events?token=${chat.token}`
  using consumer = await openEventSource(`${here}${path}`)
  for (const stream of [agent, consumer]) await stream.until(({ event }) => event === 'chat')

  await account.admin('DELETE', `/chats/${chat.chatId}`)

  const gone = await all.until(({ event }) => event === 'gone')
  expect(gone.json).toEqual({ chatId: chat.chatId })
  for (const topic of ['chats', 'mails']) {
    await updates.until(({ event, json }) => event === 'changed' && json['topic'] === topic)
  }
  await Promise.all([agent.ended, consumer.ended])
})

test('a stream that could not read its chat ends, so that its client comes again', async () => {
  const account = await liveChatAccount(server)
  const chat = await account.start({ text: 'are you there?' })
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}/events`
  const url = `${here}${path}?token=${chat.token}`
  const locked = await lockTable(server, 'message')
  using stream = await openEventSource(url)
  await expect.poll(() => waitingFor(server, 'message')).not.toBe(0)
  const pid = await waitingFor(server, 'message')
  await sql`select pg_terminate_backend(${pid})`.execute(server.context.store.db)

  await stream.ended
  await locked.free()
  using again = await openEventSource(url)
  await again.until(({ json }) => json['text'] === 'are you there?')
})
