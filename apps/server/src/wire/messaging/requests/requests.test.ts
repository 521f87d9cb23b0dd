import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type AgentSocket,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

/** The consumer is on one node, agents on the other. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

async function stage() {
  const account = await server.anotherAccount()
  const { accountId, agents } = account
  const here = { url: server.urls[0]!, accountId }
  const there = { url: server.urls[1]!, accountId }
  const opened = new AsyncDisposableStack()
  const consumer = opened.use(await openConsumerSocket(here))
  const agent = opened.use(await openAgentSocket(there, agents[0]!))
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const change = (conversationField: object | object[]) =>
    consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  return {
    ...account,
    here,
    there,
    consumer,
    agent,
    conversationId,
    change,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const text = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

/** The notifications of a subscription as `UPSERT <conversation>`, without repetitions. */
const toldOf = ({ notifications }: AgentSocket, subscriptionId: string) =>
  notifications
    .filter(({ type }) => type === '.ams.aam.ExConversationChangeNotification')
    .filter(({ body }) => body.subscriptionId === subscriptionId)
    .flatMap(({ body }) => body.changes)
    .map(({ type, result }) => `${type} ${result.convId}`)
    .filter((told, index, all) => told !== all[index - 1])

test('requests that are not supported are refused with the published errors', async () => {
  await using on = await stage()
  const { agent, conversationId } = on
  for (const type of [
    '.ams.cm.AgentRequestConversation',
    '.ams.routing.UpdateRoutingTaskSubscription',
  ]) {
    expect(await agent.request(type, {})).toMatchObject({
      code: 400,
      body: `"${type}" is not supported by this server`,
    })
  }
  for (const field of ['Note', 'DelayField', 'TopicField']) {
    const conversationField = [{ field: 'Skill', type: 'UPDATE', skill: '1002' }, { field }]
    const answer = await agent.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField,
    })
    expect(answer).toMatchObject({ code: 400, body: `"${field}" is not supported by this server` })
  }
  expect(agent.details(conversationId).skillId).toBe('1001')
})

test('a subscription sends what matches, a DELETE when it no longer does, and nothing after unsubscribing', async () => {
  await using on = await stage()
  const { agent, consumer, conversationId } = on
  const subscribe = async (body: object) =>
    (await agent.request('.ams.aam.SubscribeExConversations', body)).body.subscriptionId as string
  const open = await subscribe({ stage: ['OPEN'] })
  const closed = await subscribe({ convState: 'CLOSE' })
  const own = await subscribe({ convState: ['OPEN'], agentIds: [agent.oldId] })
  const others = await subscribe({ agentIds: ['another'] })
  const late = await subscribe({ minLastUpdatedTime: server.clock.now() + 1000 })
  const ended = await subscribe({})
  const unsubscribe = '.ams.aam.UnsubscribeExConversations'
  expect((await agent.request(unsubscribe, { subscriptionId: ended })).code).toBe(200)
  expect((await agent.request(unsubscribe, { subscriptionId: ended })).code).toBe(404)
  const toldBefore = toldOf(agent, ended).length

  await on.change({ field: 'Stage', conversationState: 'CLOSE' })
  // Each subscription, and each socket, hears of it by itself.
  for (const told of [open, own]) await agent.until(() => toldOf(agent, told).length > 1)
  await agent.until(() => toldOf(agent, closed).length > 0, 'the close')
  await consumer.until(() => consumer.details(conversationId).stage === 'CLOSE', 'the close')
  const [upsert, end] = [`UPSERT ${conversationId}`, `DELETE ${conversationId}`]
  expect(toldOf(agent, closed)).toEqual([upsert])
  expect(toldOf(agent, open)).toEqual([upsert, end])
  expect(toldOf(agent, own)).toEqual([upsert, end])
  expect(toldOf(agent, others)).toEqual([])
  expect(toldOf(agent, late)).toEqual([])
  expect(toldOf(agent, ended)).toHaveLength(toldBefore)
  expect(consumer.details(conversationId)).toMatchObject({ closeReason: 'CONSUMER' })
})

test('subscribers on every node are notified of the state of an agent', async () => {
  await using on = await stage()
  const { agent, here, agents } = on
  await using watcher = await openAgentSocket(here, agents[1]!)
  const states = () =>
    watcher.notifications
      .filter(({ type }) => type === '.ams.routing.AgentStateNotification')
      .map(({ body }) => body.changes[0].result)
  const subscribed = await watcher.request('.ams.routing.SubscribeAgentsState', {
    brandId: on.accountId,
    agentId: agent.oldId,
  })
  expect(subscribed.body.subscriptionId).toEqual(expect.any(String))
  await watcher.until(() => states().length > 0, 'the present state')
  const setState = (availability: string, agentUserId = agent.oldId) =>
    agent.request('.ams.routing.SetAgentState', { availability, agentUserId })
  for (const availability of ['BACK_SOON', 'OCCUPIED', 'AWAY']) {
    expect((await setState(availability)).body).toBe('Agent state updated successfully')
    await watcher.until(() => states().at(-1)?.availability === availability, availability)
  }
  expect(states()[0]).toEqual({
    agentUserId: agent.oldId,
    channels: ['MESSAGING'],
    availability: 'ONLINE',
    description: 'ONLINE',
  })
  expect((await setState('ASLEEP')).code).toBe(400)
  expect((await setState('ONLINE', watcher.oldId)).code).toBe(403)
})

test('quick replies, encoded metadata and every accept status reach the other side', async () => {
  await using on = await stage()
  const { agent, consumer, conversationId: dialogId } = on
  const quickReplies = {
    type: 'quickReplies',
    itemsPerRow: 8,
    replies: [
      {
        type: 'button',
        title: 'Yes',
        tooltip: 'Yes',
        click: {
          actions: [{ type: 'publishText', text: 'yes' }],
          metadata: [{ type: 'ExternalId', id: 'y' }],
        },
      },
    ],
  }
  const publish = (event: object, more: object = {}) =>
    agent.request('.ams.ms.PublishEvent', { dialogId, event }, more)
  const encodedMetadata = Buffer.from('{"from":"a bot"}').toString('base64')
  expect((await publish({ ...text('Sure?'), quickReplies }, { encodedMetadata })).code).toBe(200)
  const asked = await consumer.message(dialogId, ({ text: said }) => said === 'Sure?')
  expect(asked.event.quickReplies).toEqual(quickReplies)
  expect(asked.record.encodedMetadata).toBe(encodedMetadata)
  const tooLong = Buffer.alloc(5000).toString('base64')
  expect((await publish(text('long'), { encodedMetadata: tooLong })).code).toBe(400)
  expect((await publish(text('odd'), { encodedMetadata: 'not base64!' })).code).toBe(400)

  const metadata = quickReplies.replies[0]!.click.metadata
  for (const status of ['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION']) {
    const event = { type: 'AcceptStatusEvent', status, sequenceList: [asked.sequence] }
    await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
    const heard = await agent.message(dialogId, ({ event: told }) => told.status === status)
    expect(heard.record.metadata).toEqual(metadata)
  }
  const away = { type: 'ChatStateEvent', chatState: 'BACKGROUND' }
  await consumer.request('ms.PublishEvent', { dialogId, event: away })
  await agent.heard(({ body }) => body.event?.chatState === 'BACKGROUND', 'the chat state')
})

test('a consumer rates its conversation and closes its dialog, and is refused what consumers may not do', async () => {
  await using on = await stage()
  const { agent, consumer, conversationId, change } = on
  const rate = { field: 'CSATRate', csatRate: 4, csatResolutionConfirmation: true }
  expect((await change({ ...rate, status: 'FILLED' })).code).toBe(200)
  await agent.until(() => agent.details(conversationId).csat?.csatRate === 4, 'the rating')
  expect((await change({ ...rate, csatRate: 6 })).code).toBe(400)
  const byAgent = await agent.request('.ams.cm.UpdateConversationField', {
    conversationId,
    conversationField: [rate],
  })
  expect(byAgent.code).toBe(403)
  for (const field of [
    { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER', userId: agent.oldId },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { field: 'Skill', type: 'UPDATE', skill: '1002' },
    { field: 'ManualETTR', time: server.clock.now() + 1000 },
  ]) {
    expect((await change(field)).code).toBe(403)
  }

  const dialog = { dialogId: conversationId, state: 'CLOSE', closedCause: 'Closed by consumer' }
  expect((await change({ field: 'DialogChange', type: 'UPDATE', dialog })).code).toBe(200)
  await consumer.until(() => consumer.details(conversationId).stage === 'CLOSE', 'the close')
  expect(consumer.details(conversationId).dialogs[0]).toMatchObject({
    state: 'CLOSE',
    closedBy: 'CONSUMER',
    closedCause: 'Closed by consumer',
  })
  const late = await consumer.request('ms.PublishEvent', {
    dialogId: conversationId,
    event: text('one more thing'),
  })
  expect(late.code).toBe(409)
})

test('a manager joins, writes, and leaves; the others see it by its role', async () => {
  await using on = await stage()
  const { agent, consumer, conversationId, here, agents } = on
  await using manager = await openAgentSocket(here, agents[1]!)
  const role = 'MANAGER'
  await manager.update(conversationId, { field: 'ParticipantsChange', type: 'ADD', role })
  await manager.say(conversationId, 'I listen')
  const said = await consumer.message(conversationId, (one) => one.text === 'I listen')
  expect(said.role).toBe(role)
  await agent.until(
    () => agent.details(conversationId).participantsPId.MANAGER?.[0] === manager.pid,
    'the manager',
  )
  await manager.update(conversationId, { field: 'ParticipantsChange', type: 'REMOVE', role })
  await agent.until(
    () => agent.details(conversationId).participantsPId.MANAGER === undefined,
    'the manager to leave',
  )
  const published = await manager.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: text('still here?'),
  })
  expect(published.code).toBe(403)
})

test('an agent can neither read nor enter a conversation of a skill that it does not have', async () => {
  await using on = await stage()
  const { consumer, agent, here, agents, adminBearer, accountId } = on
  await server.request('POST', `/api/v1/accounts/${accountId}/skills`, {
    bearer: adminBearer,
    body: { name: 'Secret', skillId: '5000' },
  })
  await on.change({ field: 'Stage', conversationState: 'CLOSE' })
  const conversationId = await consumer.openConversation({ skillId: '5000' })
  await using other = await openAgentSocket(here, agents[1]!)
  const read = await other.request('.ams.ms.QueryMessages', { dialogId: conversationId })
  expect(read.code).toBe(404)
  for (const role of ['ASSIGNED_AGENT', 'MANAGER', 'AGENT', 'READER']) {
    const entered = await agent.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField: { field: 'ParticipantsChange', type: 'ADD', role },
    })
    expect(entered.code).toBe(404)
  }
})

test('an agent gets no notifications of a conversation that has gone to a skill which it does not have', async () => {
  await using on = await stage()
  const { agent, there, conversationId, adminBearer, accountId } = on
  await server.request('POST', `/api/v1/accounts/${accountId}/skills`, {
    bearer: adminBearer,
    body: { name: 'Secret', skillId: '5000' },
  })
  await using device = await openConsumerSocket(there, { jwt: on.consumer.jwt })
  await device.follow(conversationId)
  await device.say(conversationId, 'for you')
  await agent.message(conversationId, ({ text: said }) => said === 'for you')
  await agent.update(
    conversationId,
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { field: 'Skill', type: 'UPDATE', skill: '5000' },
  )

  const typing = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  await device.request('ms.PublishEvent', { dialogId: conversationId, event: typing })
  await device.say(conversationId, 'for others')
  await device.message(conversationId, ({ text: said }) => said === 'for others')
  await agent.ping()
  const heard = JSON.stringify(agent.notifications)
  expect(heard).toContain('for you')
  expect(heard).not.toContain('for others')
  expect(heard).not.toContain('COMPOSING')
})

test('a consumer finds its earlier conversations on any device', async () => {
  await using on = await stage()
  const { agent, consumer, conversationId, change, there } = on
  await agent.say(conversationId, 'that was all')
  await change({ field: 'ConversationStateField', conversationState: 'CLOSE' })
  const next = await consumer.openConversation()
  await using phone = await openConsumerSocket(there, { jwt: consumer.jwt })
  const listed = async (body: object) => {
    const { body: answer } = await phone.request('cqm.SubscribeExConversations', body)
    const first = await phone.heard((told) => told.body.subscriptionId === answer.subscriptionId)
    return first.body.changes.map(({ result }: { result: { convId: string } }) => result.convId)
  }
  expect(await listed({ convState: ['CLOSE'] })).toEqual([conversationId])
  expect(await listed({ stage: ['OPEN'] })).toEqual([next])
  expect((await listed({})).toSorted()).toEqual([conversationId, next].toSorted())
  await phone.follow(conversationId)
  await phone.message(conversationId, (one) => one.text === 'that was all')
})

test('a skill may have its own time after which idle conversations are closed', async () => {
  await using on = await stage()
  const { agent, conversationId } = on
  const minutes = (count: number) => count * 60_000
  const set = await server.request('PATCH', `/api/v1/accounts/${on.accountId}/settings`, {
    bearer: on.adminBearer,
    body: { messaging: { autoCloseMsBySkill: { 1001: minutes(26), 1002: minutes(40) } } },
  })
  expect(set.status).toBe(200)
  await agent.say(conversationId, 'are you there?')
  await server.clock.advance(minutes(25))
  expect(agent.details(conversationId).stage).toBe('OPEN')
  await server.clock.advance(minutes(1))
  await agent.until(() => agent.details(conversationId).stage === 'CLOSE', 'the close')
})
