import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import {
  CLIENT,
  closeDialog,
  givenSurvey,
  inSurvey,
  openAgent,
  startSurvey,
  surveyDialogOf,
} from './survey.fixture.ts'

const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

test('a conversation that nobody has served gets no survey, not even one that is sent by hand', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat] })
  await using consumer = await openConsumerSocket(scene, { clientProperties: CLIENT })
  for (const choice of ['automatic', 'send']) {
    const conversationId = await consumer.openConversation({ skillId })
    await call(scene, 'PUT', `conversations/${conversationId}/survey`, {
      choice,
      ...(choice === 'send' && { surveyId }),
    })
    await closeDialog(consumer, conversationId)
    await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the close')
    expect(surveyDialogOf(consumer, conversationId)).toBeUndefined()
  }
})

test('an agent that has left has served, too', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  await using consumer = await openConsumerSocket(scene, { clientProperties: CLIENT })
  const conversationId = await consumer.openConversation({ skillId })
  await using agent = await openAgent(scene)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
  await agent.goOnline()
  await agent.accept(conversationId)
  const leave = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
  await agent.update(conversationId, leave)
  await closeDialog(consumer, conversationId)
  const { bot } = await inSurvey(scene, consumer, conversationId)
  expect(await bot()).toEqual([csat.text])
})

test.each([
  { how: 'a function', switches: {}, isAsked: true },
  { how: 'a function', switches: { afterFunctionClose: false }, isAsked: false },
  { how: 'time', switches: {}, isAsked: false },
  { how: 'time', switches: { afterAutoClose: true }, isAsked: true },
])(
  'after a close by $how a survey with $switches follows: $isAsked',
  async ({ how, switches, isAsked }) => {
    const own = await anotherScene(server)
    const { skillId } = await givenSurvey(own, { questions: [csat], ...switches })
    await call(own, 'PATCH', 'settings', { messaging: { autoCloseMs: 25 * 60_000 } })
    const ttr = 'controllerbot_messaging_ttr'
    await givenFunction(own, ttr, `callback(null, { type: 'closeConversation' })`)
    const end = 'controllerbot_messaging_conversation_end'
    await givenFunction(
      own,
      end,
      `callback(null, { type: 'systemMessage', text: JSON.stringify(input.payload.end) })`,
    )
    await using consumer = await openConsumerSocket(own, { clientProperties: CLIENT })
    await using agent = await openAgent(own)
    await call(own, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
    await agent.goOnline()
    const conversationId = await consumer.openConversation({ skillId })
    await agent.accept(conversationId)
    await agent.say(conversationId, 'Anything else?')
    if (how === 'time') await own.clock.advance(25 * 60_000)
    else {
      await agent.update(conversationId, { field: 'TTRField', ttrType: 'CUSTOM', value: 77 })
      await own.clock.advance(0)
    }
    await consumer.message(conversationId, ({ text }) => text === '{"closeReason":"SYSTEM"}')
    await consumer.until(() => consumer.details(conversationId)?.state === 'CLOSE', 'the close')
    if (isAsked) {
      const { bot } = await inSurvey(own, consumer, conversationId)
      expect(await bot()).toEqual([csat.text])
    }
    expect(surveyDialogOf(consumer, conversationId) !== undefined).toBe(isAsked)
    expect(consumer.details(conversationId)?.stage).toBe(isAsked ? 'OPEN' : 'CLOSE')
  },
)

test('a survey sends no mail', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const survey = await startSurvey(scene, skillId)
  await using consumer = survey.consumer
  await survey.answer('5')
  await consumer.until(() => consumer.details(survey.conversationId)?.stage === 'CLOSE', 'the end')
  await scene.clock.advance(60_000)
  expect(await call(scene, 'GET', 'mails')).toMatchObject({ mails: [] })
})

test('days are those of the time zone of the account', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const survey = await startSurvey(scene, skillId)
  await survey.answer('3')
  await survey.consumer[Symbol.asyncDispose]()
  const now = scene.clock.now()
  const days = async (timeZone: string) => {
    await call(scene, 'PATCH', 'settings', { timeZone })
    const path = `survey-scores?skillId=${skillId}&from=0001-01-01T00:00:00Z&to=9999-01-01T00:00:00Z`
    return (await call<{ days: object[] }>(scene, 'GET', path)).days
  }
  const dayAt = (hours: number) => new Date(now + hours * 3_600_000).toISOString().slice(0, 10)
  const told = { surveys: 1, closedConversations: 1 }

  // The last two are 25 hours apart, so they have different dates at any moment.
  expect(await days('UTC')).toMatchObject([{ day: dayAt(0), ...told }])
  expect(await days('Pacific/Kiritimati')).toMatchObject([{ day: dayAt(14), ...told }])
  expect(await days('Pacific/Pago_Pago')).toMatchObject([{ day: dayAt(-11), ...told }])
  const last = `survey-scores?skillId=${skillId}&from=9999-12-31T23:59:59Z`
  expect(await call(scene, 'GET', last)).toEqual({ days: [] })
  await call(scene, 'PATCH', 'settings', { timeZone: null })
})
