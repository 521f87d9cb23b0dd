import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  givenSkill,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import {
  automatic,
  FIRST_INPUTS,
  openAgent,
  openConsumer,
  openIn,
  setUrgent,
} from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const END = 'controllerbot_messaging_conversation_end'
const ROUTING = 'controllerbot_messaging_conversation_routing'
const TTR = 'controllerbot_messaging_ttr'
const IDLE = 'controllerbot_messaging_conversation_idle'
const WELCOME = 'Welcome! How can we help you?'

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

const consumerOf = (where = scene) => openConsumer(where, FIRST_INPUTS)

test('the message is sent first, then comes the transfer, then the close', async () => {
  const from = await givenSkill(scene)
  const to = await givenSkill(scene)
  const skills = [from, to]
  const say = (text: string) => `callback(null, { type: 'systemMessage', text: '${text}' })`
  await givenFunction(
    scene,
    TTR,
    `callback(null, [
      { type: 'closeConversation' },
      { type: 'transfer', skillId: '${to}' },
      { type: 'systemMessage', text: 'Goodbye' },
    ])`,
    { skills },
  )
  await givenFunction(scene, ROUTING, say('Moved'), { skills })
  await givenFunction(scene, END, say('Ended'), { skills })
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, from)
  await setUrgent(scene, consumer, conversationId)

  const invocations = await invocationsOf(scene, conversationId)
  expect(invocations).toHaveLength(3)
  const of = (wanted: string) => invocations.find(({ eventId }) => eventId === wanted)
  expect(of(TTR)?.commands).toEqual([
    { type: 'systemMessage', applied: true },
    { type: 'transfer', applied: true },
    { type: 'closeConversation', applied: true },
  ])
  expect(of(ROUTING)?.commands).toEqual([
    { type: 'systemMessage', applied: false, reason: 'The conversation is closed' },
  ])
  expect(of(ROUTING)?.payload.general.originatorMetadata.role).toBe('CONTROLLER')
  expect(of(END)?.commands).toEqual([{ type: 'systemMessage', applied: true }])
  expect(of(END)?.payload.end).toEqual({ closeReason: 'SYSTEM' })
  expect(await automatic(consumer, conversationId)).toEqual([WELCOME, 'Goodbye', 'Ended'])
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the close')
  expect(consumer.details(conversationId)).toMatchObject({ skillId: to, closeReason: 'SYSTEM' })
})

test('after the end a message still comes, transfer and close are ignored', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(
    scene,
    END,
    `callback(null, [{ type: 'transfer', skillId: '1002' }, { type: 'closeConversation' }])`,
    { skills: [skillId] },
  )
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, skillId)
  const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await scene.clock.advance(0)
  expect(await automatic(consumer, conversationId)).toEqual([
    WELCOME,
    'You have ended the conversation. Thank you for writing to us.',
  ])
  expect(await invocationsOf(scene, conversationId)).toMatchObject([
    {
      commands: [
        { type: 'defaultMessage', applied: true },
        { type: 'transfer', applied: false, reason: 'The conversation has ended' },
        { type: 'closeConversation', applied: false, reason: 'The conversation has ended' },
      ],
    },
  ])
})

test('a skill has its own function, the others the one without skills', async () => {
  const other = await anotherScene(server)
  await givenFunction(other, NEW, `callback(null, { type: 'systemMessage', text: 'Everybody' })`)
  await givenFunction(other, NEW, `callback(null, { type: 'systemMessage', text: 'Second' })`, {
    skills: ['1002'],
  })
  await using one = await consumerOf(other)
  await using two = await consumerOf(other)
  expect(await automatic(one, await openIn(scene, one, '1001'))).toEqual(['Everybody'])
  expect(await automatic(two, await openIn(scene, two, '1002'))).toEqual(['Second'])
})

test('a function whose skill does not match is not asked', async () => {
  const skillId = await givenSkill(scene)
  await givenFunction(scene, NEW, `callback(null, { type: 'systemMessage', text: 'Hi' })`, {
    skills: [skillId],
  })
  await using consumer = await consumerOf()
  const conversationId = await openIn(scene, consumer, '1001')
  expect(await automatic(consumer, conversationId)).toEqual([WELCOME])
  expect(await invocationsOf(scene, conversationId)).toEqual([])
})

test('with the Controller Bot switched off there are neither messages nor functions', async () => {
  const other = await anotherScene(server)
  await givenFunction(other, NEW, `callback(null, { type: 'systemMessage', text: 'Hi' })`)
  await call(other, 'PATCH', 'settings', { controllerBotEnabled: false })
  await using consumer = await consumerOf(other)
  const conversationId = await openIn(scene, consumer)
  await scene.clock.advance(3_600_000)
  expect(await automatic(consumer, conversationId)).toEqual([])
  expect(await invocationsOf(other, conversationId)).toEqual([])
})

test('a function that transfers on every transfer is stopped, until somebody acts', async () => {
  const other = await anotherScene(server)
  await givenFunction(
    other,
    ROUTING,
    `const { newSkillId } = input.payload.routing
     callback(null, { type: 'transfer', skillId: newSkillId === '1001' ? '1002' : '1001' })`,
  )
  await using agent = await openAgent(other)
  await using consumer = await consumerOf(other)
  const conversationId = await openIn(scene, consumer)
  const rung = new Set<string>()
  // Every transfer withdraws the ring before it.
  const acceptNewest = async () => {
    for (;;) {
      const ringId = await agent.ring(conversationId, rung)
      rung.add(ringId)
      const ringState = 'ACCEPTED'
      const answer = await agent.request('.ams.routing.UpdateRingState', { ringId, ringState })
      if (answer.code === 200) return
    }
  }
  const acceptAndTransfer = async (skill: string) => {
    await acceptNewest()
    await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill })
    await scene.clock.advance(0)
    const transfers = (await invocationsOf(other, conversationId)).map(({ commands }) =>
      commands?.find(({ type }) => type === 'transfer'),
    )
    return {
      done: transfers.filter((transfer) => transfer?.applied && !transfer.reason).length,
      stopped: transfers.filter((transfer) => transfer?.reason?.startsWith('Stopped here')).length,
    }
  }

  const notRun = async () => {
    const query = `invocations?conversationId=${conversationId}&outcome=NOT_RUN`
    return (await call<{ invocations: object[] }>(other, 'GET', query)).invocations
  }
  const record = {
    eventId: ROUTING,
    errorMessage: expect.stringContaining('not called again until somebody acts'),
    durationMs: 0,
    commands: [{ type: 'defaultMessage', applied: true }],
    input: { payload: { routing: { newSkillId: expect.any(String) } } },
  }

  expect(await acceptAndTransfer('1002')).toEqual({ done: 1, stopped: 1 })
  expect(await notRun()).toMatchObject([record])
  expect(await acceptAndTransfer('1001')).toEqual({ done: 2, stopped: 2 })
  expect(await notRun()).toMatchObject([record, record])
})

test('a function that transfers whatever idles is not called for ever: its transfers do not start the time anew', async () => {
  const other = await anotherScene(server)
  const timing = { time: 30, timeUnits: 'seconds', repeat: 2 }
  await call(other, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { timing })
  for (const eventId of [IDLE, ROUTING]) {
    await givenFunction(
      other,
      eventId,
      `const skillId = globalThis.last === '1001' ? '1002' : '1001'
       globalThis.last = skillId
       callback(null, { type: 'transfer', skillId })`,
    )
  }
  await using consumer = await consumerOf(other)
  const conversationId = await openIn(scene, consumer)
  await scene.clock.advance(3_600_000)
  const asked = (await invocationsOf(other, conversationId)).map(({ eventId }) => eventId)
  expect(asked.filter((eventId) => eventId === IDLE)).toHaveLength(2)
  expect(asked.filter((eventId) => eventId === ROUTING).length).toBeLessThanOrEqual(2)
})
