import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { countWaiting, liveChatAccount, startHttpSite, startTestServer, stopAt } from '#testing'

/** What functions ask: one answer is long, the other one waits. */
const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
const outside = await startHttpSite(({ url }, response) => {
  if (url === '/long') return void response.end('x'.repeat(20_000))
  asked.resolve()
  void answered.promise.then(() => response.end())
})
const server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: outside.host } })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await outside[Symbol.asyncDispose]()
})
const account = await liveChatAccount(server)
const DAY = 24 * 3600_000

const mail = {
  targetEmail: 'team@example.com',
  senderName: 'Chat',
  senderEmail: 'noreply@example.com',
  subject: 'Your chat',
}

async function ratedChat() {
  const chat = await account.ended({ name: 'Ada Lovelace', text: 'my secret' })
  await chat.consumer('POST', '/survey', {
    csatRank: 1,
    answers: [{ questionId: 'why', answer: 'my reason' }],
  })
  await server.clock.advance(0)
  return chat
}

const TABLES = [
  'document',
  'message',
  'keptMail',
  'outbox',
  'timer',
  'deadLetter',
  'invocation',
  'logEntry',
  'recording',
] as const

/** The tables in which a text occurs; what erases a chat once more names it, and is left out. */
async function tablesWith(text: string): Promise<string[]> {
  const { records, store } = server.context
  await records.writer.flush()
  const found: string[] = []
  for (const table of TABLES) {
    const rows = await store.db.selectFrom(table).selectAll().execute()
    const others = rows.filter((row) => !('consumer' in row && row.consumer === 'erased-chats'))
    if (JSON.stringify(others).includes(text)) found.push(table)
  }
  return found
}

test('an ended chat can be erased, and nothing of it stays', async () => {
  await account.setTranscripts({ rules: [{ ruleId: 'all', mail }] })
  const chat = await ratedChat()
  expect(await tablesWith('Ada Lovelace')).toEqual(['document', 'message', 'keptMail'])

  expect((await account.john('DELETE', `/chats/${chat.chatId}`)).status).toBe(403)
  expect((await account.admin('DELETE', `/chats/${chat.chatId}`)).status).toBe(204)

  for (const text of [chat.chatId, 'Ada Lovelace', 'my secret', 'my reason']) {
    expect(await tablesWith(text)).toEqual([])
  }
  expect((await account.admin('GET', `/chats/${chat.chatId}`)).status).toBe(404)
  expect((await chat.consumer('GET', '')).status).toBe(401)
  expect((await account.admin('DELETE', `/chats/${chat.chatId}`)).status).toBe(404)
})

test('what is known of a visitor is erased with its last chat', async () => {
  const { people } = server.context.messaging
  const sdes = [{ type: 'personal', personal: { firstname: 'Ada the visitor' } }]
  await people.addVisitorAttributes(account.accountId, 'visitor-1', { sdes })
  const context = { visitorId: 'visitor-1' }
  const [first, last] = [await account.ended({ context }), await account.ended({ context })]
  await account.admin('DELETE', `/chats/${first.chatId}`)
  expect(await tablesWith('Ada the visitor')).toEqual(['document'])
  await account.admin('DELETE', `/chats/${last.chatId}`)
  for (const text of ['Ada the visitor', 'visitor-1']) expect(await tablesWith(text)).toEqual([])
})

test('what a function got about a chat, and what it answered, is erased with the chat', async () => {
  await account.deploy(
    'asked',
    `module.exports = (input, callback) => {
      console.info('Asked about', input.payload.questionWithAnswers[0].answer)
      callback(null, [])
    }`,
  )
  const chat = await ratedChat()
  expect(await tablesWith('my reason')).toEqual(['document', 'invocation', 'logEntry'])
  await account.admin('DELETE', `/chats/${chat.chatId}`)
  for (const text of [chat.chatId, 'my reason']) expect(await tablesWith(text)).toEqual([])
})

test('a chat can be erased while its function is being asked', async () => {
  const other = await liveChatAccount(server)
  await other.deploy(
    'slow',
    `module.exports = (input, callback) => {
      console.info('Asked about', input.payload)
      setTimeout(callback, 500, null, [${JSON.stringify(mail)}])
    }`,
  )
  const chat = await other.ended({ name: 'Grace Hopper' })
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  expect((await other.admin('DELETE', `/chats/${chat.chatId}`)).status).toBe(204)
  await server.clock.advance(0)
  expect(await tablesWith(chat.chatId)).toEqual([])
})

test('a survey that is submitted at the moment of the erasure does not bring the chat back', async () => {
  await account.setTranscripts({ rules: [{ ruleId: 'all', mail }] })
  const chat = await account.ended({ name: 'Alan Turing', text: 'my secret' })
  const { db } = server.context.store
  const holding = await db.startTransaction().execute()
  const lines = holding.selectFrom('message').select('sequence')
  await lines.where('conversationId', '=', chat.chatId).forUpdate().execute()

  const erased = account.admin('DELETE', `/chats/${chat.chatId}`)
  await expect.poll(() => countWaiting(server)).toBe(1)
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  await holding.commit().execute()

  expect((await erased).status).toBe(204)
  await server.clock.advance(DAY / 48)
  expect(await tablesWith(chat.chatId)).toEqual([])
})

test('a running chat cannot be erased', async () => {
  const chat = await account.accepted()
  const refused = await account.admin('DELETE', `/chats/${chat.chatId}`)
  expect(refused.json()).toMatchObject({ error: { code: 'chat_not_ended' } })
})

test('a chat whose mail is on its way can be erased', async () => {
  await account.setTranscripts({ rules: [{ ruleId: 'all', mail }], holdMails: true })
  const chat = await ratedChat()
  await account.admin('POST', '/mails/send', { state: 'held' })
  await account.admin('DELETE', `/chats/${chat.chatId}`)
  await server.clock.advance(DAY / 48)
  expect(await tablesWith(chat.chatId)).toEqual([])
})

test('a mail that is kept at the moment of the erasure does not stay', async () => {
  const other = await liveChatAccount(server)
  await other.setTranscripts({ rules: [{ ruleId: 'all', mail }] })
  const chat = await other.ended({ name: 'Barbara Liskov' })
  const kept = await stopAt(server, 'kept_mail', 'before insert for each row')
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  const sent = server.clock.advance(0)
  await kept.reached()
  expect((await other.admin('DELETE', `/chats/${chat.chatId}`)).status).toBe(204)
  await kept.goOn()
  await sent
  expect(await tablesWith('Barbara Liskov')).toEqual([])
})

test('chats are kept as long as conversations are', async () => {
  const admin = await account.adminAgain()
  const chat = await ratedChat()
  const settings = { retention: { conversationDays: 30 } }
  expect((await admin('PATCH', '/settings', settings)).status).toBe(200)
  await server.clock.advance(29 * DAY)
  expect(await tablesWith(chat.chatId)).not.toEqual([])
  await server.clock.advance(2 * DAY)
  expect(await tablesWith(chat.chatId)).toEqual([])
})

test('what a bot could not do about a chat is erased with the chat', async () => {
  const account = await liveChatAccount(server)
  const { accountId, adminAgain } = account
  const chat = await account.ended({ text: 'no channel' })
  const turn = {
    consumer: 'bot-turns',
    orderingKey: chat.chatId,
    facts: { conversationId: chat.chatId, channel: 'no channel' },
  }
  await server.context.delivery.commit({ accountId, documents: [], outbox: [turn] })
  await expect
    .poll(async () => {
      await server.clock.advance(DAY)
      return await tablesWith('no channel')
    })
    .toEqual(['message', 'deadLetter'])

  const admin = await adminAgain()
  await admin('DELETE', `/chats/${chat.chatId}`)

  expect(await tablesWith(chat.chatId)).toEqual([])
})

/** An ended chat, and a command that asks for `path` about it. */
async function commandOf(path: string) {
  const own = await liveChatAccount(server)
  const chat = await own.ended({ name: 'Mary Shelley' })
  const made = await own.admin('POST', '/functions', {
    name: 'look',
    description: 'Looks something up',
    eventId: 'conversational_command',
    code: `async function lambda(input, callback) {
      const answer = await fetch('http://${outside.host}${path}')
      await answer.text()
      console.info('Asked about', input.payload)
      callback(null, 'found')
    }`,
  })
  const { functionId } = made.json<{ functionId: string }>()
  await own.admin('PUT', `/functions/${functionId}/deployment`)
  return {
    ...chat,
    run: () => own.admin('POST', `/conversations/${chat.chatId}/agent-commands`, { name: 'look' }),
    erase: async () => (await own.admin('DELETE', `/chats/${chat.chatId}`)).status,
  }
}

test('the recording of a run about a chat is erased with the chat, also a long one', async () => {
  const { chatId, run, erase } = await commandOf('/long')
  expect((await run()).json()).toEqual({ kind: 'message', text: 'found' })
  await expect.poll(() => tablesWith(chatId)).toContain('recording')

  expect(await erase()).toBe(204)
  expect(await tablesWith(chatId)).toEqual([])
})

test('what a command leaves that runs while its chat is erased does not stay', async () => {
  const { chatId, run, erase } = await commandOf('/')
  const running = run()
  await asked.promise

  expect(await erase()).toBe(204)
  answered.resolve()
  expect((await running).json()).toEqual({ kind: 'message', text: 'found' })
  await expect.poll(() => tablesWith(chatId)).toContain('invocation')
  await server.clock.advance(60_000)
  expect(await tablesWith(chatId)).toEqual([])
})

test('a chat that begins anew with the token of an erased one keeps what is its own', async () => {
  const again = await liveChatAccount(server)
  await again.setTranscripts({ rules: [{ ruleId: 'all', mail }], holdMails: true })
  const wish = { token: randomBytes(32).toString('base64url') }
  const erased = await again.ended(wish)
  await again.admin('DELETE', `/chats/${erased.chatId}`)

  const chat = await again.ended(wish)
  expect(chat.chatId).toBe(erased.chatId)
  await chat.consumer('POST', '/survey', { csatRank: 1 })
  const mails = async () =>
    (await again.admin('GET', '/mails?state=held')).json<{ mails: object[] }>().mails
  await server.clock.advance(0)
  expect(await mails()).toHaveLength(1)
  await server.clock.advance(DAY / 48)
  expect(await mails()).toHaveLength(1)
})
