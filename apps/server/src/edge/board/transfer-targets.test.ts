import type { TransferTargets } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  liveChatAccount,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('an agent sees to whom it can give a conversation: who is there, with which load, and how many wait in each skill', async () => {
  const scene = await anotherScene(server)
  const [own = '', other = ''] = scene.skillIds
  const lonely = await givenSkill(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await using colleague = await openAgentSocket(scene, scene.agents[1]!)
  const skillIds = [own, other]
  for (const { userId } of [agent, colleague])
    await call(scene, 'PATCH', `users/${userId}`, { skillIds })
  const account = `/api/v1/accounts/${scene.accountId}`
  const auditor = { loginName: 'reads', password: 'a password of 17', role: 'auditor', skillIds }
  const made = await scene.request('POST', `${account}/users`, {
    bearer: scene.adminBearer,
    body: auditor,
  })
  expect(made.status).toBe(201)
  await agent.goOnline()
  const read = async (query = '') => {
    const path = `${account}/transfer-targets${query}`
    const answer = await scene.request('GET', path, { bearer: agent.bearer })
    expect(answer.status).toBe(200)
    return answer.json<TransferTargets>()
  }
  const ofSkill = (targets: TransferTargets, id: string) =>
    targets.skills.find(({ skillId }) => skillId === id)

  const alone = await read(`?skillId=${own}`)
  expect(ofSkill(alone, own)).toEqual({ skillId: own, online: 0, waiting: 0 })
  expect(alone.agents).toMatchObject([{ userId: colleague.userId, availability: 'OFFLINE' }])

  await colleague.goOnline('OCCUPIED')
  await using consumer = await openConsumerSocket(scene)
  await agent.accept(await consumer.openConversation({ skillId: own }))
  await using unlucky = await openConsumerSocket(scene)
  await unlucky.openConversation({ skillId: lonely })
  const busy = await read(`?skillId=${other}`)
  expect(ofSkill(busy, own)).toEqual({ skillId: own, online: 1, waiting: 0 })
  expect(ofSkill(busy, lonely)).toEqual({ skillId: lonely, online: 0, waiting: 1 })
  expect(busy.agents).toMatchObject([
    { userId: colleague.userId, availability: 'OCCUPIED', isBot: false, slots: 0 },
  ])
  expect((await read(`?skillId=${lonely}`)).agents).toEqual([])
})

test('live chats that wait in a skill count with its conversations', async () => {
  const account = await liveChatAccount(server)
  await account.start({ text: 'Anybody?' })
  const { skills } = (await account.john('GET', '/transfer-targets')).json<TransferTargets>()
  expect(skills.find(({ skillId }) => skillId === account.careSkillId)).toMatchObject({
    waiting: 1,
  })
})
