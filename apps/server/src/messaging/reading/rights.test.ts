import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  openAgentSocket,
  openConsumerSocket,
  openEventSource,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

// What an agent sees is one rule, whichever way it asks.

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const PASSWORD = 'a long pass phrase'

interface Person {
  user: string
  password: string
  userId: string
  bearer: string
}

async function givenUser(scene: Scene, loginName: string, more: object): Promise<Person> {
  const wanted = { loginName, password: PASSWORD, ...more }
  const { userId } = await call<{ userId: string }>(scene, 'POST', 'users', wanted)
  const one = { user: loginName, password: PASSWORD }
  return { ...one, userId, bearer: (await login(scene, one)).bearer }
}

/** An account with a survey, and people of several skills and roles. */
async function givenAccount() {
  const scene = await anotherScene(server)
  const [own, foreign] = ['1001', '1002']
  const people = {
    serving: await givenUser(scene, 'serving', { skillIds: [own] }),
    skilled: await givenUser(scene, 'skilled', { skillIds: [own] }),
    strange: await givenUser(scene, 'strange', { skillIds: [foreign] }),
    manager: await givenUser(scene, 'manager', { role: 'agent-manager', skillIds: [] }),
    campaigner: await givenUser(scene, 'campaigner', { role: 'campaign-manager', skillIds: [own] }),
  }
  const questions = [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }]
  const survey = { name: 'A survey', fallback: 'Please choose', questions }
  const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', survey)
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [own] })
  return { scene, people }
}

type Account = Awaited<ReturnType<typeof givenAccount>>

/** A served and surveyed conversation with a file, in skill 1001. */
async function givenConversation({ scene, people }: Account) {
  await using consumer = await openConsumerSocket(scene, {
    clientProperties: { features: ['MULTI_DIALOG', 'RICH_CONTENT', 'AUTO_MESSAGES'] },
  })
  await using agent = await openAgentSocket(scene, people.serving)
  await agent.goOnline()
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'a secret word')
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 3,
    fileType: 'txt',
  })
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams).toString()
  await scene.request('PUT', `${relativePath}?${query}`, { body: Buffer.from('abc') })
  const message = { caption: 'file', relativePath, fileType: 'txt', preview: '' }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  const sent = await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  expect(sent).toMatchObject({ code: 200 })
  const dialog = { dialogId: conversationId, state: 'CLOSE' }
  const conversationField = [{ field: 'DialogChange', type: 'UPDATE', dialog }]
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  const survey = () => {
    const dialogs: { dialogId: string; dialogType: string }[] =
      consumer.details(conversationId)?.dialogs ?? []
    return dialogs.find(({ dialogType }) => dialogType === 'POST_SURVEY')?.dialogId
  }
  await consumer.until(() => survey() !== undefined, 'the survey')
  await consumer.follow(survey()!)
  await consumer.message(survey()!, ({ role }) => role !== 'CONSUMER')
  await consumer.say(survey()!, '5')
  const isClosed = () => consumer.details(conversationId)?.stage === 'CLOSE'
  await consumer.until(isClosed, 'the end of the survey')
  return { conversationId, consumerId: consumer.consumerId, relativePath: String(relativePath) }
}

/** A chat in skill 1001 that an agent serves. */
async function givenChat({ scene, people }: Account) {
  const base = `/api/v1/accounts/${scene.accountId}`
  const wanted = { skillId: '1001', name: 'Ada', email: 'ada@example.com' }
  const started = await scene.request('POST', `${base}/consumer/chats`, { body: wanted })
  const { token, chat } = started.json<{ token: string; chat: { chatId: string } }>()
  const { bearer } = people.serving
  await scene.request('POST', `${base}/chats/${chat.chatId}/accept`, { bearer })
  return { chatId: chat.chatId, token }
}

const WHO = ['serving', 'skilled', 'strange', 'manager', 'campaigner'] as const

test('history, search, timelines, profiles and files show what the socket shows', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  const { conversationId, consumerId, relativePath } = await givenConversation(account)
  const day = { from: scene.clock.now() - 1000, to: scene.clock.now() + 1000 }
  const published = `/messaging_history/api/account/${scene.accountId}/conversations`
  const native = `/api/v1/accounts/${scene.accountId}/conversations`

  const seen: Record<string, object> = {}
  for (const who of [...WHO, 'app'] as const) {
    const bearer = who === 'app' ? scene.appToken : people[who].bearer
    const count = async (path: string, body: object) => {
      const reply = await scene.request('POST', `${published}/${path}`, { bearer, body })
      const found = reply.json<{
        _metadata: { count: number }
        conversationHistoryRecords: object[]
      }>()
      expect(found.conversationHistoryRecords).toHaveLength(found._metadata.count)
      return found._metadata.count
    }
    const status = async (path: string) =>
      (await scene.request('GET', `${native}${path}`, { bearer })).status
    const listed = await scene.request('GET', native, { bearer })
    const overHttp = {
      search: await count('search', { start: day, keyword: 'secret' }),
      byId: await count('conversation/search', { conversationId }),
      byConsumer: await count('consumer/search', { consumer: consumerId }),
      listed: listed.json<{ conversations: object[] }>().conversations.length,
      whole: await status(`/${conversationId}`),
      timeline: await status(`/${conversationId}/timeline`),
    }
    seen[who] = overHttp
    if (who === 'app' || who === 'campaigner') continue
    await using agent = await openAgentSocket(scene, people[who])
    const codeOf = async (type: string, body: unknown) => (await agent.request(type, body)).code
    seen[who] = {
      ...overHttp,
      messages: await codeOf('.ams.ms.QueryMessages', { dialogId: conversationId }),
      profile: await codeOf('.ams.userprofile.GetUserProfile', consumerId),
      file: await codeOf('.ams.ms.GenerateURLForDownloadFile', { relativePath }),
    }
  }

  const http = { search: 1, byId: 1, byConsumer: 1, listed: 1, whole: 200, timeline: 200 }
  const all = { ...http, messages: 200, profile: 200, file: 200 }
  const nothing = { search: 0, byId: 0, byConsumer: 0, listed: 0, whole: 404, timeline: 404 }
  expect(seen).toEqual({
    serving: all,
    skilled: all,
    strange: { ...nothing, messages: 404, profile: 404, file: 404 },
    manager: all,
    campaigner: http,
    app: http,
  })
})

test('a page of a search is full although others may not be seen, and its count is that of what may be', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  await using consumers = new AsyncDisposableStack()
  for (const skillId of ['1002', '1001', '1002', '1001', '1001']) {
    const consumer = consumers.use(await openConsumerSocket(scene))
    await consumer.openConversation({ skillId })
  }
  const start = { from: scene.clock.now() - 1000, to: scene.clock.now() + 1000 }
  const path = `/messaging_history/api/account/${scene.accountId}/conversations/search`
  const read = async (offset: number) => {
    const query = `offset=${offset}&limit=2&sort=start:desc`
    const { bearer } = people.skilled
    const reply = await scene.request('POST', `${path}?${query}`, { bearer, body: { start } })
    return reply.json<{
      _metadata: { count: number; next?: object }
      conversationHistoryRecords: { info: { latestSkillId: number } }[]
    }>()
  }
  const [first, second] = [await read(0), await read(2)]
  expect([first._metadata.count, second._metadata.count]).toEqual([3, 3])
  expect(first.conversationHistoryRecords).toHaveLength(2)
  expect(second.conversationHistoryRecords).toHaveLength(1)
  expect(second._metadata.next).toBeUndefined()
  const found = [...first.conversationHistoryRecords, ...second.conversationHistoryRecords]
  expect(new Set(found.map(({ info }) => info.latestSkillId))).toEqual(new Set([1001]))
})

test('answers to surveys are listed, scored and exported as far as their conversations may be seen', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  const { conversationId } = await givenConversation(account)
  const base = `/api/v1/accounts/${scene.accountId}`
  const seen: Record<string, object> = {}
  for (const who of WHO) {
    const { bearer } = people[who]
    const get = (path: string) => scene.request('GET', `${base}/${path}`, { bearer })
    const { runs } = (await get('survey-runs')).json<{ runs: object[] }>()
    const { days } = (await get('survey-scores')).json<{ days: { surveys: number }[] }>()
    const { text } = await get('survey-runs.csv')
    const lines = text.split('\n').filter((line) => line.includes(conversationId))
    seen[who] = { runs: runs.length, days: days.length, exported: lines.length > 0 }
  }
  const all = { runs: 1, days: 1, exported: true }
  const none = { runs: 0, days: 0, exported: false }
  expect(seen).toEqual({
    serving: all,
    skilled: all,
    strange: none,
    manager: all,
    campaigner: all,
  })
})

test('live chats, their transcripts and their lists are those of the caller', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  const { chatId } = await givenChat(account)
  const base = `/api/v1/accounts/${scene.accountId}`
  const seen: Record<string, object> = {}
  for (const who of WHO) {
    const { bearer } = people[who]
    const get = (path: string) => scene.request('GET', `${base}/${path}`, { bearer })
    const { chats } = (await get('chats?stage=active')).json<{ chats: object[] }>()
    const url = `${scene.url}${base}/chats/${chatId}/events`
    const stream = await openEventSource(url, { authorization: `Bearer ${bearer}` }).catch(String)
    seen[who] = {
      listed: chats.length,
      chat: (await get(`chats/${chatId}`)).status,
      transcript: (await get(`chats/${chatId}/transcript`)).status,
      stream: typeof stream === 'string' ? stream : 'open',
    }
    if (typeof stream !== 'string') stream[Symbol.dispose]()
  }
  const all = { listed: 1, chat: 200, transcript: 200, stream: 'open' }
  const none = { listed: 0, chat: 404, transcript: 404, stream: 'Error: Answered 404' }
  expect(seen).toEqual({ serving: all, skilled: all, strange: none, manager: all, campaigner: all })
})

test('who loses a skill no longer gets chats or messages by what is open', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  const { chatId, token } = await givenChat(account)
  const base = `/api/v1/accounts/${scene.accountId}`
  const { skilled } = people
  const headers = { authorization: `Bearer ${skilled.bearer}` }
  using one = await openEventSource(`${scene.url}${base}/chats/${chatId}/events`, headers)
  using all = await openEventSource(`${scene.url}${base}/chat-events`, headers)
  await all.until(({ event }) => event === 'ready')
  const say = (text: string) =>
    scene.request('POST', `${base}/consumer/chats/${chatId}/lines`, {
      bearer: token,
      body: { text },
    })
  await say('before')
  await one.until(({ json }) => json['text'] === 'before')
  await all.until(({ event }) => event === 'chat')

  await using agent = await openAgentSocket(scene, skilled)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.follow(conversationId)
  await consumer.say(conversationId, 'hello')
  await agent.message(conversationId, ({ text }) => text === 'hello')

  await call(scene, 'PATCH', `users/${skilled.userId}`, { skillIds: ['1002'] })

  await one.ended
  await all.until(({ event }) => event === 'resync')
  const heard = all.events.length
  await say('after')
  const gone = await all.until(({ event }) => event === 'gone')
  expect(gone.json).toEqual({ chatId })
  expect(all.events.slice(heard).map(({ event }) => event)).toEqual(['gone'])
  const query = () => agent.request('.ams.ms.QueryMessages', { dialogId: conversationId })
  await expect.poll(async () => (await query()).code).toBe(404)
  await consumer.say(conversationId, 'not for you')
  await consumer.message(conversationId, ({ text }) => text === 'not for you')
  expect((await query()).code).toBe(404)
  const texts = agent.messages(conversationId).map(({ text }) => text)
  expect(texts).not.toContain('not for you')
})

test('conversations come and go on an open socket with the skills of its agent, and with theirs', async () => {
  const account = await givenAccount()
  const { scene, people } = account
  const { skilled, serving } = people
  await using agent = await openAgentSocket(scene, skilled)
  await using colleague = await openAgentSocket(scene, serving)
  await using consumer = await openConsumerSocket(scene)
  await colleague.goOnline()
  const own = await consumer.openConversation({ skillId: '1001' })
  await colleague.accept(own)
  await consumer.say(own, 'a secret word')
  await using another = await openConsumerSocket(scene)
  const foreign = await another.openConversation({ skillId: '1002' })
  await agent.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  const changes = (conversationId: string) =>
    agent.notifications
      .filter(({ type }) => type.endsWith('ExConversationChangeNotification'))
      .flatMap(({ body }) => body.changes as { type: string; result: { convId: string } }[])
      .filter(({ result }) => result.convId === conversationId)
  const newest = (conversationId: string) => changes(conversationId).at(-1)
  await agent.until(() => newest(own)?.type === 'UPSERT', 'the conversation')
  expect(changes(foreign)).toEqual([])

  await call(scene, 'PATCH', `users/${skilled.userId}`, { skillIds: ['1002'] })
  await agent.until(() => newest(own)?.type === 'DELETE', 'the end of the sight')
  await agent.until(() => newest(foreign)?.type === 'UPSERT', 'the other conversation')
  expect(JSON.stringify(newest(own))).not.toContain('secret')

  await call(scene, 'PATCH', `users/${skilled.userId}`, { skillIds: ['1001'] })
  await agent.until(() => newest(own)?.type === 'UPSERT', 'the conversation again')
  await colleague.update(own, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await agent.until(() => newest(own)?.type === 'DELETE', 'the conversation that goes')
  expect(JSON.stringify(newest(own))).not.toContain('secret')
})
