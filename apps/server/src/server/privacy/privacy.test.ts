import { expect, test } from 'vitest'
import { sql } from 'kysely'
import {
  type ConsumerSocket,
  countWaiting,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  tablesWith,
  type TestServer,
} from '#testing'

const MINUTE_MS = 60_000

/** What asks for the erasure names the consumer. */
const ASKING = ',erasure,'

async function upload(server: TestServer, consumer: ConsumerSocket, content: string) {
  const file = { fileSize: content.length, fileType: 'text/plain' }
  const granted = await consumer.request('ms.GenerateURLForUploadFile', file)
  const { relativePath, queryParams } = granted.body
  const query = new URLSearchParams(queryParams as Record<string, string>).toString()
  const headers = { 'content-type': 'text/plain' }
  const body = Buffer.from(content)
  const put = await server.request('PUT', `${relativePath}?${query}`, { body, headers })
  expect(put.status).toBe(201)
  return relativePath as string
}

test('erasing a consumer takes its conversations, and closes the open one first', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const first = await consumer.openConversation()
  await consumer.say(first, 'a secret')
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace' })

  const base = `/api/v1/accounts/${server.accountId}/erasures`
  const asked = await server.request('POST', base, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  expect(asked.status).toBe(202)
  const { erasureId } = asked.json<{ erasureId: string }>()
  await server.clock.advance(MINUTE_MS)
  const done = await server.request('GET', `${base}/${erasureId}`, { bearer: server.adminBearer })
  expect(done.json()).toMatchObject({ state: 'done', conversations: 1 })
  const audit = await server.request(
    'GET',
    `/api/v1/accounts/${server.accountId}/audit?object=erasure:${erasureId}`,
    { bearer: server.adminBearer },
  )
  const entry = { actor: server.admin.user, action: 'erasure.requested' }
  expect(audit.json()).toMatchObject({ entries: [entry] })

  const history = await server.request(
    'POST',
    `/messaging_history/api/account/${server.accountId}/conversations/conversation/search`,
    { bearer: server.adminBearer, body: { conversationId: first } },
  )
  expect(history.json()).toMatchObject({ _metadata: { count: 0 } })
  const profile = await consumer.request('userprofile.GetUserProfile')
  expect(profile.body).toEqual({})
  const { db } = server.context.store
  const left = await db.selectFrom('message').select('body').execute()
  expect(JSON.stringify(left)).not.toContain('a secret')
})

test('nothing of an erased consumer stays: history, records, logs, files, profile', async () => {
  await using server = await startTestServer()
  const lambdas = lambdasOf(server)
  const source = (text: string) => `function lambda(input, callback) {
      console.info('told', input.payload)
      callback(null, [{ type: 'systemMessage', text: '${text}' + input.payload.general.convId }])
    }`
  const functionId = await lambdas.deployed(source('for '), {
    eventId: 'controllerbot_messaging_new_conversation',
  })
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await consumer.request('userprofile.SetUserProfile', { firstName: 'Grace of Secrets' })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'a secret of mine')
  await agent.say(conversationId, 'a secret of ours')
  const relativePath = await upload(server, consumer, 'a secret file')
  const event = {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { caption: 'a secret caption', relativePath, fileType: 'TXT' },
  }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  const unsent = await upload(server, consumer, 'a secret draft')
  await server.clock.advance(0)
  await consumer.message(conversationId, ({ text }) => text === `for ${conversationId}`)
  await lambdas.native('PATCH', `/functions/${functionId}`, { code: source('now for ') })
  const job = await lambdas.native('POST', `/functions/${functionId}/replays`, { against: 'draft' })
  const jobPath = `/replays/${job.json<{ jobId: string }>().jobId}`
  const progress = async () => (await lambdas.native('GET', jobPath)).json()
  await expect.poll(progress).toMatchObject({ state: 'done', total: 1, different: 1 })
  const kept = ['conversation', 'document', 'file', 'invocation', 'log_entry', 'message']
  await expect
    .poll(() => tablesWith(server, conversationId, ASKING))
    .toEqual(expect.arrayContaining([...kept, 'replayed_run']))

  await server.request('POST', `/api/v1/accounts/${server.accountId}/erasures`, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  await server.clock.advance(0)
  const all = [conversationId, consumer.consumerId, relativePath, unsent, 'a secret', 'Grace of']
  for (const text of all) expect([text, await tablesWith(server, text, ASKING)]).toEqual([text, []])
  expect(await progress()).toMatchObject({
    done: 1,
    different: 0,
    notReplayed: 1,
    reasons: [{ kind: 'gone', count: 1 }],
  })
})

test('what is said in a conversation at the moment of its erasure does not stay', async () => {
  await using server = await startTestServer()
  await lambdasOf(server).deployed(
    `function lambda(input, callback) {
      setTimeout(() => callback(null, [{ type: 'systemMessage', text: 'a late word' }]), 3000)
    }`,
    { eventId: 'controllerbot_messaging_conversation_end' },
  )
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()
  await consumer.say(conversationId, 'a secret')
  const { db } = server.context.store
  const isSaid = async () => {
    const { rows } = await sql`select from message where body::text like '%a late word%'`.execute(
      db,
    )
    return rows.length > 0
  }

  // The erasure is held up on its way, until somebody has written or waits to.
  const holding = await db.startTransaction().execute()
  await holding.selectFrom('message').select('sequence').forUpdate().execute()
  await server.request('POST', `/api/v1/accounts/${server.accountId}/erasures`, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  await expect.poll(() => countWaiting(server)).toBeGreaterThan(0)
  await expect.poll(async () => (await isSaid()) || (await countWaiting(server)) > 1).toBe(true)
  await holding.commit().execute()
  await server.clock.advance(MINUTE_MS)

  await expect.poll(() => tablesWith(server, conversationId, ASKING)).toEqual([])
})

test('what a function writes while its conversation is erased does not stay either', async () => {
  await using server = await startTestServer()
  await lambdasOf(server).deployed(
    `function lambda(input, callback) {
      setTimeout(() => {
        console.info('told', input.payload)
        callback(new Error('not done'))
      }, 3000)
    }`,
    { eventId: 'controllerbot_messaging_conversation_end' },
  )
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation()

  const asked = await server.request('POST', `/api/v1/accounts/${server.accountId}/erasures`, {
    bearer: server.adminBearer,
    body: { consumerId: consumer.consumerId },
  })
  const { erasureId } = asked.json<{ erasureId: string }>()
  await server.clock.advance(0)
  await expect.poll(() => tablesWith(server, conversationId, ASKING)).toContain('log_entry')

  await server.clock.advance(MINUTE_MS)
  expect(await tablesWith(server, conversationId, ASKING)).toEqual([])
  const path = `/api/v1/accounts/${server.accountId}/erasures/${erasureId}`
  const erasure = await server.request('GET', path, { bearer: server.adminBearer })
  expect(erasure.json()).toMatchObject({ state: 'done', conversations: 1 })
})

test('a survey that is under way goes with its conversation', async () => {
  await using server = await startTestServer()
  const call = (method: string, path: string, body: object) =>
    server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
      bearer: server.adminBearer,
      body,
    })
  const questions = [{ id: 'csat', kind: 'CSAT', text: 'Satisfied?' }]
  const made = await call('POST', 'surveys', { name: 'Short', questions, fallback: 'What?' })
  const { surveyId } = made.json<{ surveyId: number }>()
  await call('PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
  const clientProperties = { features: ['MULTI_DIALOG', 'QUICK_REPLIES'] }
  await using consumer = await openConsumerSocket(server, { clientProperties })
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: {
      field: 'DialogChange',
      dialog: { dialogId: conversationId, state: 'CLOSE' },
    },
  })
  await server.clock.advance(0)
  expect(await tablesWith(server, conversationId, ASKING)).toContain('timer')

  await call('POST', 'erasures', { consumerId: consumer.consumerId })
  await server.clock.advance(2 * 60 * MINUTE_MS)
  expect(await tablesWith(server, conversationId, ASKING)).toEqual([])
})

test('closed conversations are erased once their retention is over', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { retention: { conversationDays: 2 } },
  })
  const old = await consumer.openConversation()
  await consumer.request('cm.UpdateConversationField', {
    conversationId: old,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
  const open = await consumer.openConversation()
  const left = async () => {
    const rows = await server.context.store.db
      .selectFrom('conversation')
      .select('conversationId')
      .execute()
    return rows.map(({ conversationId }) => conversationId)
  }
  await server.clock.advance(24 * 3600_000)
  expect(await left()).toEqual(expect.arrayContaining([old, open]))
  await server.clock.advance(2 * 24 * 3600_000)
  expect(await left()).toEqual([open])
})
