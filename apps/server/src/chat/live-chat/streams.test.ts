import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, openEventSource, startTestServer } from '#testing'

const server = await startTestServer({ nodes: 2 })
afterAll(() => server[Symbol.asyncDispose]())
const account = await liveChatAccount(server)
const [here, there] = server.urls as [string, string]

test('a stream of any node sends a consumer everything, and goes on where it ended', async () => {
  const chat = await account.start({ text: 'first' })
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}/events`
  const isEntry = (sequence: number) => (event: { id?: string }) => event.id === String(sequence)
  {
    using stream = await openEventSource(`${there}${path}?token=${chat.token}`)
    await stream.until(isEntry(0))
    await account.john('POST', `/chats/${chat.chatId}/accept`)
    await account.john('POST', `/chats/${chat.chatId}/lines`, { text: 'second' })
    const line = await stream.until(isEntry(2))
    expect(line).toMatchObject({ event: 'entry', json: { by: 'AGENT', text: 'second' } })
    await stream.until(({ json }) => json['agentName'] === 'John Doe')
    const entries = stream.events.filter(({ event }) => event === 'entry')
    expect(entries.map(({ id }) => id)).toEqual(['0', '1', '2'])
  }
  await account.john('POST', `/chats/${chat.chatId}/lines`, { text: 'third' })
  using again = await openEventSource(`${here}${path}`, {
    authorization: `Bearer ${chat.token}`,
    'last-event-id': '2',
  })
  await again.until(isEntry(3))
  await chat.consumer('POST', '/end')
  await again.until(({ json }) => json['stage'] === 'ended')
  const entries = again.events.filter(({ event }) => event === 'entry')
  expect(entries.map(({ id }) => id)).toEqual(['3', '4'])
})

test('a client with entries that the database has lost is sent those that get their numbers', async () => {
  const chat = await account.start({ text: 'first' })
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}/events`
  using stream = await openEventSource(`${here}${path}`, {
    authorization: `Bearer ${chat.token}`,
    'last-event-id': '7',
  })
  await account.john('POST', `/chats/${chat.chatId}/accept`)
  await account.john('POST', `/chats/${chat.chatId}/lines`, { text: 'second' })
  await stream.until(({ json }) => json['text'] === 'second')
})

test('a client that reads slowly is told of the end of a chat after all that was said in it', async () => {
  const chat = await account.start()
  const text = '漢'.repeat(16_000)
  await server.context.chat.served.change(account.accountId, chat.chatId, (draft) => {
    for (let n = 0; n < 490; n++) draft.add({ type: 'line', by: 'CONSUMER', name: 'Ada', text })
  })
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}/events`
  const asked = request(`${here}${path}?token=${chat.token}`).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let heard = ''
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  response.setEncoding('utf8').on('data', (part: string) => {
    heard = (heard + part).replaceAll('漢', '')
    if (heard.includes('event: entry')) begun.resolve()
    if (heard.includes('"stage":"ended"') && heard.includes('"type":"ended"')) ended.resolve()
  })
  await begun.promise
  response.pause()
  await chat.consumer('POST', '/end')
  response.resume()
  await ended.promise
  asked.destroy()
  expect(heard.indexOf('"type":"ended"')).toBeLessThan(heard.indexOf('"stage":"ended"'))
})

test('only the other side is notified of typing', async () => {
  const chat = await account.accepted()
  const { accountId } = account
  const session = await server.request('POST', `/api/v1/accounts/${accountId}/sessions`, {
    body: { loginName: 'jane', password: 'correct horse' },
  })
  const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
  const base = `/api/v1/accounts/${accountId}`
  using consumer = await openEventSource(
    `${here}${base}/consumer/chats/${chat.chatId}/events?token=${chat.token}`,
  )
  using agent = await openEventSource(`${there}${base}/chats/${chat.chatId}/events`, {
    authorization,
  })

  await chat.consumer('POST', '/typing', { typing: true })
  await agent.until(({ event, json }) => event === 'typing' && json['typing'] === true)
  await account.john('POST', `/chats/${chat.chatId}/typing`, { typing: true })
  await account.john('POST', `/chats/${chat.chatId}/typing`, { typing: false })
  await consumer.until(({ event, json }) => event === 'typing' && json['typing'] === false)
  const heard = consumer.events.filter(({ event }) => event === 'typing')
  expect(heard.map(({ json }) => json['typing'])).toEqual([true, false])
})

test('agents are notified of every chat of their account, and of no other', async () => {
  const other = await liveChatAccount(server)
  const session = await server.request('POST', `/api/v1/accounts/${account.accountId}/sessions`, {
    body: { loginName: 'jane', password: 'correct horse' },
  })
  const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
  const url = `${there}/api/v1/accounts/${account.accountId}/chat-events`
  using stream = await openEventSource(url, { authorization })
  await stream.until(({ event }) => event === 'ready')
  await other.start()
  const chat = await account.start()
  await stream.until(({ json }) => json['chatId'] === chat.chatId)
  const others = stream.events.filter(
    ({ event, json }) => event === 'chat' && json['chatId'] !== chat.chatId,
  )
  expect(others).toEqual([])
})

test('an agent is notified of a chat that leaves its sight, also of one that it knows from its list alone', async () => {
  const chat = await account.start()
  const other = await account.admin('POST', '/skills', { name: `Other of ${chat.chatId}` })
  const { skillId } = other.json<{ skillId: string }>()
  const session = await server.request('POST', `/api/v1/accounts/${account.accountId}/sessions`, {
    body: { loginName: 'jane', password: 'correct horse' },
  })
  const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
  const url = `${there}/api/v1/accounts/${account.accountId}/chat-events`
  using stream = await openEventSource(url, { authorization })
  await stream.until(({ event }) => event === 'ready')

  expect((await account.admin('POST', `/chats/${chat.chatId}/transfer`, { skillId })).status).toBe(
    200,
  )
  const gone = await stream.until(({ json }) => json['chatId'] === chat.chatId)
  expect(gone.event).toBe('gone')
})

test.each([
  ['the stream of all chats', '/chat-events'],
  ['the stream of updates, asked for chats,', '/updates?topics=conversations&chats=true'],
])(
  '%s tells an agent, who was given a skill meanwhile, that a chat of the skill leaves its sight',
  async (_name, path) => {
    const own = await liveChatAccount(server)
    const chat = await own.start({ skillId: own.returnsSkillId })
    const session = await server.request('POST', `/api/v1/accounts/${own.accountId}/sessions`, {
      body: { loginName: 'john', password: 'correct horse' },
    })
    const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
    const url = `${there}/api/v1/accounts/${own.accountId}${path}`
    using stream = await openEventSource(url, { authorization })
    await stream.until(({ event }) => event === 'ready')
    const skillIds = [own.careSkillId, own.returnsSkillId]
    await own.admin('PATCH', `/users/${own.johnId}`, { skillIds })
    await stream.until(({ event }) => event === 'resync')
    const listed = await own.john('GET', '/chats?stage=waiting')
    expect(listed.json()).toMatchObject({ chats: [{ chatId: chat.chatId }] })

    const other = await own.admin('POST', '/skills', { name: 'Other' })
    const { skillId } = other.json<{ skillId: string }>()
    await own.admin('POST', `/chats/${chat.chatId}/transfer`, { skillId })
    const gone = await stream.until(({ json }) => json['chatId'] === chat.chatId)
    expect(gone.event).toBe('gone')
  },
)

test.each([
  ['the stream of all chats', '/chat-events'],
  ['the stream of updates, asked for chats,', '/updates?topics=conversations&chats=true'],
])('%s tells who serves a chat that its consumer types, and nobody else', async (_name, path) => {
  const listen = async (loginName: string) => {
    const session = await server.request('POST', `/api/v1/accounts/${account.accountId}/sessions`, {
      body: { loginName, password: 'correct horse' },
    })
    const authorization = `Bearer ${session.json<{ bearer: string }>().bearer}`
    const url = `${there}/api/v1/accounts/${account.accountId}${path}`
    const stream = await openEventSource(url, { authorization })
    await stream.until(({ event }) => event === 'ready')
    return stream
  }
  const before = await account.accepted()
  using john = await listen('john')
  using jane = await listen('jane')
  const after = await account.accepted()
  const servedBy = (name: string) => (event: { json: Record<string, unknown> }) =>
    event.json['chatId'] === after.chatId &&
    (event.json['agent'] as { name?: string } | undefined)?.name === name
  await john.until(servedBy('John Doe'))
  for (const { chatId, consumer } of [before, after]) {
    await consumer('POST', '/typing', { typing: true })
    await john.until(({ event, json }) => event === 'typing' && json['chatId'] === chatId)
  }
  await account.john('POST', `/chats/${after.chatId}/typing`, { typing: true })
  await account.john('POST', `/chats/${after.chatId}/transfer`, { agentId: account.janeId })
  await account.jane('POST', `/chats/${after.chatId}/accept`)
  await Promise.all([john, jane].map((stream) => stream.until(servedBy('Jane Roe'))))
  await after.consumer('POST', '/typing', { typing: false })
  await jane.until(({ event, json }) => event === 'typing' && json['chatId'] === after.chatId)
  const heard = (stream: typeof john) =>
    stream.events.filter(({ event }) => event === 'typing').map(({ json }) => json['typing'])
  expect(heard(john)).toEqual([true, true])
  expect(heard(jane)).toEqual([false])
})

test('streams of agents end on every node when their permission ends', async () => {
  const { accountId, adminBearer } = await server.anotherAccount()
  const base = `/api/v1/accounts/${accountId}`
  const admin = (method: string, path: string, body?: object) =>
    server.request(method, `${base}${path}`, { bearer: adminBearer, ...(body && { body }) })
  const listen = (authorization: string) =>
    openEventSource(`${there}${base}/chat-events`, { authorization })
  const password = 'correct horse'
  const listenAs = async (loginName: string) => {
    const user = await admin('POST', '/users', { loginName, password })
    const session = await server.request('POST', `${base}/sessions`, {
      body: { loginName, password },
    })
    const { bearer } = session.json<{ bearer: string }>()
    const { userId } = user.json<{ userId: string }>()
    return { bearer, userId, stream: await listen(`Bearer ${bearer}`) }
  }
  const leaver = await listenAs('leaver')
  const disabled = await listenAs('disabled')
  const stays = await listenAs('stays')
  const client = (
    await admin('POST', '/clients', { name: 'reader', scopes: ['conversation.read'] })
  ).json<{ clientId: string; clientSecret: string }>()
  const token = await server.request('POST', `/sentinel/api/account/${accountId}/app/token`, {
    body: {
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    },
  })
  const ofApp = await listen(`Bearer ${token.json<{ access_token: string }>().access_token}`)

  await server.request('DELETE', `${base}/sessions/current`, { bearer: leaver.bearer })
  await leaver.stream.ended
  await admin('PATCH', `/users/${disabled.userId}`, { enabled: false })
  await disabled.stream.ended
  await admin('DELETE', `/clients/${client.clientId}`)
  await ofApp.ended

  const heard = stays.stream.until(({ event }) => event === 'chat')
  const skill = (await admin('POST', '/skills', { name: 'Care' })).json<{ skillId: string }>()
  await admin('PATCH', `/users/${stays.userId}`, { skillIds: [skill.skillId] })
  await server.request('POST', `${base}/consumer/chats`, {
    body: { skillId: skill.skillId, name: 'Ada' },
  })
  await heard
  await admin('PATCH', `/users/${stays.userId}`, { role: 'campaign-manager' })
  await stays.stream.ended
})

test('a stopping server ends its streams and does not wait for them', async () => {
  await using stopping = await startTestServer({ env: { PARLEY_LOG_LEVEL: 'fatal' } })
  const account = await liveChatAccount(stopping)
  const chat = await account.start()
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}/events`
  using stream = await openEventSource(`${stopping.url}${path}?token=${chat.token}`)
  const stopped = stopping.context[Symbol.asyncDispose]()
  await stream.ended
  await stopped
  expect(stream.events.every(({ event }) => event !== 'error')).toBe(true)
})

test('pages of other origins may chat, and read why they may not', async () => {
  const chats = `${here}/api/v1/accounts/${account.accountId}/consumer/chats`
  for (const url of [chats, `${chats}/some-chat/lines`]) {
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://a.test' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(
      /authorization.*content-type/,
    )
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  }
  const refused = await fetch(`${chats}/some-chat`)
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*'])
  const chat = await account.start()
  const stream = await fetch(`${chats}/${chat.chatId}/events?token=${chat.token}`)
  expect(stream.headers.get('access-control-allow-origin')).toBe('*')
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
  await stream.body?.cancel()
  const agents = await fetch(`${here}/api/v1/accounts/${account.accountId}/chats`)
  expect(agents.headers.get('access-control-allow-origin')).toBeNull()
})

test('a note of the agent is stored once, goes to agents alone and answers nobody', async () => {
  const chat = await account.accepted({ text: 'are you there?' })
  const path = `/chats/${chat.chatId}`
  const note = { text: 'a regular customer', lineId: 'n-1', audience: 'AGENTS_AND_MANAGERS' }
  for (let time = 0; time < 2; time += 1) {
    const stored = await account.john('POST', `${path}/lines`, note)
    expect(stored.json()).toMatchObject({ type: 'note', name: 'John Doe', lineId: 'n-1' })
  }
  const other = { ...note, lineId: 'n-2' }
  expect((await account.jane('POST', `${path}/lines`, other)).status).toBe(403)
  const wrong = await account.john('POST', `${path}/lines`, { text: 'x', audience: 'NOBODY' })
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('body.audience')])
  const seen = await account.jane('GET', path)
  const { entries } = seen.json<{ entries: { type: string }[] }>()
  expect(entries.map(({ type }) => type)).toEqual(['line', 'accepted', 'note'])
  expect(JSON.stringify(await chat.entries())).not.toContain('a regular customer')
})
