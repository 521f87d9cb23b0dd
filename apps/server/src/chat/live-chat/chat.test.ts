import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())
const account = await liveChatAccount(server)
const MINUTE = 60_000

test('a chat goes from the queue through messages and a transfer to its end', async () => {
  const { john, jane, careSkillId, returnsSkillId } = account
  const chat = await account.start({
    name: 'Ada',
    email: 'ada@example.com',
    text: 'Anybody there?',
  })
  const path = `/chats/${chat.chatId}`

  const waiting = await john('GET', `/chats?stage=waiting&skillId=${careSkillId}`)
  expect(waiting.json<{ chats: object[] }>().chats).toContainEqual(
    expect.objectContaining({
      chatId: chat.chatId,
      consumer: { name: 'Ada', email: 'ada@example.com' },
    }),
  )
  const accepted = await john('POST', `${path}/accept`)
  expect(accepted.json()).toMatchObject({ stage: 'active', agent: { name: 'John Doe' } })
  await john('POST', `${path}/lines`, { text: 'What can I do for you?' })
  await chat.consumer('POST', '/lines', { text: 'I want\nto return it' })
  await john('POST', `${path}/transfer`, { skillId: returnsSkillId })
  expect((await john('POST', `${path}/lines`, { text: 'too late' })).status).toBe(403)
  await jane('POST', `${path}/accept`)
  const ended = await jane('POST', `${path}/end`)

  expect(ended.json()).toMatchObject({
    stage: 'ended',
    endedBy: 'AGENT',
    skillName: 'Returns',
    agents: [{ name: 'John Doe' }, { name: 'Jane Roe' }],
    survey: 'open',
  })
  expect(await chat.entries()).toMatchObject([
    { sequence: 0, type: 'line', by: 'CONSUMER', name: 'Ada', text: 'Anybody there?' },
    { type: 'accepted', name: 'John Doe' },
    { type: 'line', by: 'AGENT', name: 'John Doe', text: 'What can I do for you?' },
    { type: 'line', by: 'CONSUMER', text: 'I want\nto return it' },
    { type: 'transferred', name: 'John Doe', skillName: 'Returns' },
    { type: 'accepted', name: 'Jane Roe' },
    { sequence: 6, type: 'ended', by: 'AGENT', reason: 'closed' },
  ])
  expect((await chat.consumer('POST', '/lines', { text: 'Hello?' })).status).toBe(409)
  const again = await chat.consumer('POST', '/end')
  expect(again.json()).toMatchObject({ error: { code: 'chat_ended' } })
})

test('who accepts, transfers or ends a chat again, as the answer was lost, gets the same answer', async () => {
  const { john, jane, careSkillId, returnsSkillId } = account
  const chat = await account.start()
  const path = `/chats/${chat.chatId}`
  const twice = async (ask: typeof john, what: string, body?: object) => {
    const [first, second] = [await ask('POST', what, body), await ask('POST', what, body)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.json()).toEqual(first.json())
  }
  await twice(john, `${path}/accept`)
  expect((await jane('POST', `${path}/accept`)).json()).toMatchObject({
    error: { code: 'chat_not_waiting' },
  })
  await twice(john, `${path}/transfer`, { skillId: returnsSkillId })
  await twice(jane, `${path}/accept`)
  await twice(john, `${path}/transfer`, { skillId: returnsSkillId })
  const elsewhere = { skillId: careSkillId }
  expect((await john('POST', `${path}/transfer`, elsewhere)).status).toBe(403)
  await twice(jane, `${path}/end`)
  expect((await john('POST', `${path}/end`)).status).toBe(409)
  const types = (await chat.entries()).map(({ type }) => type)
  expect(types).toEqual(['accepted', 'transferred', 'accepted', 'ended'])

  const other = await account.start()
  const ends = [await other.consumer('POST', '/end'), await other.consumer('POST', '/end')]
  expect(ends.map(({ status }) => status)).toEqual([200, 200])
  expect(await other.entries()).toHaveLength(1)
})

test('agents see where a consumer comes from, as far as its client has said so', async () => {
  const context = {
    visitorId: 1528463744580,
    lang: 'en-US',
    clientProperties: { os: 'OSX', browser: 'CHROME' },
  }
  const campaignInfo = { campaignId: 2_327_699_812, engagementId: '2327699912' }
  const seen = async ({ chatId }: { chatId: string }) =>
    (await account.john('GET', `/chats/${chatId}`)).json<object>()

  expect(await seen(await account.start({ context, campaignInfo }))).toMatchObject({
    chat: {
      campaignInfo,
      context: {
        ...context,
        visitorId: '1528463744580',
        sessionId: expect.stringMatching(/^.{16,}$/),
      },
    },
  })
  const silent = await seen(await account.start())
  expect(silent).toMatchObject({
    chat: { context: { visitorId: expect.stringMatching(/^.{16,}$/) } },
  })
  expect(silent).not.toMatchObject({ chat: { campaignInfo: expect.anything() } })
  // Else all that say so would be one visitor.
  const nameless = await account.start({ context: { visitorId: '', sessionId: '' } })
  expect(await seen(nameless)).toMatchObject({
    chat: {
      context: {
        visitorId: expect.stringMatching(/^.{16,}$/),
        sessionId: expect.stringMatching(/^.{16,}$/),
      },
    },
  })
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats`
  const body = { skillId: account.careSkillId, context: { visitorId: 'x'.repeat(9_000) } }
  const refused = await server.request('POST', path, { body })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('body.context')])
})

test('of agents who accept at the same moment one gets the chat', async () => {
  const chat = await account.start()
  const accept = [account.john, account.jane, account.john, account.jane].map((agent) =>
    agent('POST', `/chats/${chat.chatId}/accept`),
  )
  const statuses = (await Promise.all(accept)).map(({ status }) => status)
  // Who has got it gets it again.
  expect([
    [200, 409, 200, 409],
    [409, 200, 409, 200],
  ]).toContainEqual(statuses)
})

test('a chat is accepted only with its skill, or by the agent whom it is offered to', async () => {
  const { john, jane, janeId, returnsSkillId } = account
  const wrongSkill = await account.start({ skillId: returnsSkillId })
  const refused = await john('POST', `/chats/${wrongSkill.chatId}/accept`)
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Returns')])

  const chat = await account.accepted()
  const path = `/chats/${chat.chatId}`
  await john('POST', `${path}/transfer`, { agentId: janeId })
  const notOffered = await john('POST', `${path}/accept`)
  expect([notOffered.status, notOffered.text]).toEqual([403, expect.stringContaining('Jane Roe')])
  expect((await jane('POST', `${path}/accept`)).json()).toMatchObject({
    agent: { name: 'Jane Roe' },
  })
})

test('a manager may end a chat that another serves, an agent may not', async () => {
  const chat = await account.accepted()
  expect((await account.jane('POST', `/chats/${chat.chatId}/end`)).status).toBe(403)
  const ended = await account.admin('POST', `/chats/${chat.chatId}/end`)
  expect(ended.json()).toMatchObject({ stage: 'ended', endedBy: 'AGENT' })
})

test('a chat that no agent takes, and one without messages, ends by itself', async () => {
  const account = await liveChatAccount(server)
  await account.setChat({ notTakenAfterMs: 10 * MINUTE, silenceAfterMs: 5 * MINUTE })
  const waiting = await account.start()
  const silent = await account.accepted()
  const lively = await account.accepted()

  await server.clock.advance(4 * MINUTE)
  await lively.consumer('POST', '/lines', { text: 'still here' })
  await server.clock.advance(2 * MINUTE)

  const shown = async (chatId: string) => (await account.admin('GET', `/chats/${chatId}`)).json()
  expect(await shown(silent.chatId)).toMatchObject({
    chat: { stage: 'ended', endedBy: 'SYSTEM', endReason: 'silence', survey: 'open' },
  })
  expect(await shown(lively.chatId)).toMatchObject({ chat: { stage: 'active' } })
  expect(await shown(waiting.chatId)).toMatchObject({ chat: { stage: 'waiting' } })
  await server.clock.advance(5 * MINUTE)
  expect(await shown(lively.chatId)).toMatchObject({ chat: { endReason: 'silence' } })
  expect(await shown(waiting.chatId)).toMatchObject({
    chat: { stage: 'ended', endedBy: 'SYSTEM', endReason: 'not-taken', survey: 'none' },
  })
})

test('shorter limits reach chats that wait or are served already', async () => {
  const account = await liveChatAccount(server)
  await account.setChat({ notTakenAfterMs: 60 * MINUTE, silenceAfterMs: 60 * MINUTE })
  const waiting = await account.start()
  const silent = await account.accepted()
  await account.setChat({ notTakenAfterMs: 2 * MINUTE, silenceAfterMs: 4 * MINUTE })

  const reasonOf = async ({ chatId }: { chatId: string }) => {
    const shown = await account.admin('GET', `/chats/${chatId}`)
    return shown.json<{ chat: { endReason?: string } }>().chat.endReason
  }
  await server.clock.advance(3 * MINUTE)
  expect([await reasonOf(waiting), await reasonOf(silent)]).toEqual(['not-taken', undefined])
  await server.clock.advance(2 * MINUTE)
  expect(await reasonOf(silent)).toBe('silence')
})

test('a message that is sent again with its id is stored once', async () => {
  const chat = await account.accepted()
  const line = { text: 'only once', lineId: 'line-1' }
  const replies = await Promise.all([1, 2, 3].map(() => chat.consumer('POST', '/lines', line)))

  const [kept] = await chat.entries().then((entries) => entries.slice(1))
  expect(replies.map((reply) => reply.json())).toEqual([kept, kept, kept])
  expect((await chat.entries()).filter(({ type }) => type === 'line')).toHaveLength(1)

  await chat.consumer('POST', '/end')
  expect((await chat.consumer('POST', '/lines', line)).json()).toEqual(kept)
  expect((await chat.consumer('POST', '/lines', { text: 'too late' })).status).toBe(409)
})

test('a chat opens to its token only, and to its account', async () => {
  const other = await liveChatAccount(server)
  const chat = await account.start()
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats/${chat.chatId}`
  const elsewhere = path.replace(account.accountId, other.accountId)

  for (const [where, bearer] of [
    [path, undefined],
    [path, 'wrong'],
    [path, (await account.start()).token],
    [elsewhere, chat.token],
  ] as const) {
    const reply = await server.request('GET', where, bearer === undefined ? {} : { bearer })
    expect(reply.status).toBe(401)
  }
  expect((await other.admin('GET', `/chats/${chat.chatId}`)).status).toBe(404)
  expect((await other.john('POST', `/chats/${chat.chatId}/accept`)).status).toBe(404)
  expect((await other.admin('GET', '/chats')).json()).toEqual({ chats: [] })
})

test.each([
  ['no skill', {}, /skillId/],
  ['an unknown skill', { skillId: '999' }, /No skill \\"999/],
  ['an empty name', { name: '  ' }, /body\.name/],
  ['an invalid address', { email: 'a@b.c, d@e.f' }, /body\.email/],
  ['an oversized line', { text: 'x'.repeat(8001) }, /body\.text/],
  ['a line with U+0000', { text: 'a\0b' }, /U\+0000/],
])('a chat with %s is refused', async (what, wish, message) => {
  const skillId = what === 'no skill' ? {} : { skillId: account.careSkillId }
  const path = `/api/v1/accounts/${account.accountId}/consumer/chats`
  const reply = await server.request('POST', path, { body: { ...skillId, ...wish } })
  expect([reply.status, reply.text]).toEqual([400, expect.stringMatching(message)])
})

test('no chat starts while live chat is off, or while too many wait', async () => {
  const account = await liveChatAccount(server)
  await account.setChat({ mostWaiting: 1 })
  const start = () => account.start()
  await start()
  await expect(start()).rejects.toThrow(/429.*chat_queue_full/)
  await account.setChat({ enabled: false })
  await expect(start()).rejects.toThrow(/403.*chats_disabled/)
})

test('a start with a token that the client has made is one chat, however often it is sent', async () => {
  const account = await liveChatAccount(server)
  const token = randomBytes(32).toString('base64url')

  const started = await Promise.all([1, 2, 3].map(() => account.start({ token, text: 'Hello' })))
  await account.setChat({ mostWaiting: 1 })
  const later = await account.start({ token, text: 'Hello' })

  expect(new Set([...started, later].map(({ chatId }) => chatId)).size).toBe(1)
  expect(later.token).toBe(token)
  expect((await later.entries()).map((entry) => 'text' in entry && entry.text)).toEqual(['Hello'])
  await expect(account.start({ token: 'guessable' })).rejects.toThrow(/400.*body.token: must be/)
  const other = await liveChatAccount(server)
  expect((await other.start({ token })).chatId).not.toBe(later.chatId)
})

test('an address may start so many chats a minute, another as many', async () => {
  await using proxied = await startTestServer({ env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' } })
  const { accountId, careSkillId, setChat } = await liveChatAccount(proxied)
  const startFrom = (forwarded: string) =>
    proxied.request('POST', `/api/v1/accounts/${accountId}/consumer/chats`, {
      headers: { 'x-forwarded-for': forwarded },
      body: { skillId: careSkillId },
    })
  const statuses = async (count: number, forwarded = '203.0.113.7') =>
    (await Promise.all(Array.from({ length: count }, () => startFrom(forwarded))))
      .map(({ status }) => status)
      .toSorted((a, b) => a - b)
  const started = (count: number) => Array.from({ length: count }, () => 201)

  expect(await statuses(31)).toEqual([...started(30), 429])
  const refused = await startFrom('203.0.113.7')
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2'])
  expect(await statuses(1, '203.0.113.8')).toEqual([201])
  await proxied.clock.advance(2000)
  expect(await statuses(2)).toEqual([201, 429])
  await setChat({ startsPerMinute: 60 })
  await proxied.clock.advance(3000)
  expect(await statuses(4)).toEqual([201, 201, 201, 429])
})

test('lists of chats continue where the page before ended', async () => {
  const account = await liveChatAccount(server)
  const chats = [await account.ended(), await account.ended(), await account.ended()]
  const seen: string[] = []
  let after = ''
  do {
    const page = await account.admin('GET', `/chats?stage=ended&limit=2&after=${after}`)
    const { chats: some, next } = page.json<{ chats: { chatId: string }[]; next?: string }>()
    seen.push(...some.map(({ chatId }) => chatId))
    after = next ?? ''
  } while (after !== '')
  expect(seen.toSorted()).toEqual(chats.map(({ chatId }) => chatId).toSorted())
  expect((await account.admin('GET', '/chats?after=;drop')).status).toBe(400)
})

test('a chat of before its characters were counted goes on', async () => {
  const chat = await account.accepted()
  const { db } = server.context.store
  await sql`update document set state = state - 'characters' where kind = 'chat' and id = ${chat.chatId}`.execute(
    db,
  )

  expect((await account.john('GET', `/chats/${chat.chatId}`)).status).toBe(200)
  const said = await account.john('POST', `/chats/${chat.chatId}/lines`, { text: 'Still here' })
  expect(said.status).toBeLessThan(300)
})
