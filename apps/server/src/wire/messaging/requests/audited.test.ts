import type { AuditEntry } from '@parley/contract'
import { expect, test } from 'vitest'
import { anotherScene, call, openAgentSocket, openConsumerSocket, startTestServer } from '#testing'
import { OPERATION_NAMES } from './index.ts'

/** What agents change by a request. A new request joins one of the two lists. */
const CHANGES = [
  'cm.UpdateConversationField',
  'ms.GenerateURLForUploadFile',
  'ms.PublishEvent',
  'routing.SetAgentState',
  'routing.UpdateRingState',
]
const OTHERS = [
  'GetClock',
  'InitConnection',
  'KeepAlive',
  'StepUp',
  'cm.AgentRequestConversation',
  'cm.ConsumerRequestConversation',
  'cqm.SubscribeExConversations',
  'cqm.UnsubscribeExConversations',
  'ms.GenerateURLForDownloadFile',
  'ms.QueryMessages',
  'ms.SubscribeMessagingEvents',
  'routing.SubscribeAgentsState',
  'routing.SubscribeRoutingTasks',
  'routing.UpdateRoutingTaskSubscription',
  'userprofile.GetUserProfile',
  'userprofile.SetUserProfile',
]

test('whoever acts for another on a socket is noted under both names, with the conversation', async () => {
  expect([...CHANGES, ...OTHERS].toSorted()).toEqual(OPERATION_NAMES.toSorted())
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const key = await call<{ appKey: string }>(scene, 'POST', 'api-keys', {
    name: 'robot',
    permissions: ['account:read', 'conversation:read', 'conversation:handle', 'user:impersonate'],
  })
  const agent = scene.agents[0]!
  const logIn = async (body: object) => {
    const path = `/api/account/${scene.accountId}/login?v=1.3`
    const { bearer, config } = (await scene.request('POST', path, { body })).json<{
      bearer: string
      config: { userId: string; userPid: string }
    }>()
    return { bearer, userId: config.userId, pid: config.userPid }
  }
  await using acting = await openAgentSocket(scene, await logIn({ username: agent.user, ...key }))
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  for (const name of OPERATION_NAMES) {
    await acting.request(`.ams.${name}`, { conversationId, dialogId: conversationId })
  }

  const entries = async (query: string) =>
    (await call<{ entries: AuditEntry[] }>(scene, 'GET', `audit?${query}`)).entries
  const found = (await entries(`via=key:${key.appKey}`)).filter(({ outcome }) => !outcome)
  expect(found.map(({ action }) => action).toSorted()).toEqual(CHANGES)
  for (const entry of found) {
    expect(entry).toMatchObject({
      actor: `${agent.user} by key:${key.appKey}`,
      object: `conversation:${conversationId}`,
      address: '127.0.0.1',
    })
  }
})

test('a change on a socket that an agent has no right to is noted; what agents do themselves is not', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  await agent.goOnline()
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
  const said = await agent.request('.ams.ms.PublishEvent', { dialogId: conversationId, event })
  expect(said.code).toBe(403)

  const { entries } = await call<{ entries: AuditEntry[] }>(
    scene,
    'GET',
    `audit?actor=${scene.agents[0]!.user}`,
  )
  const others = entries.filter(({ action }) => action !== 'session.opened')
  expect(others).toMatchObject([
    {
      action: 'request.refused',
      object: 'ms.PublishEvent',
      outcome: 'refused',
      details: { object: `conversation:${conversationId}` },
    },
  ])
})
