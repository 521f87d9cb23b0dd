import { expect, test } from 'vitest'
import {
  type AgentSocket,
  call,
  type ConsumerSocket,
  givenFunction,
  openConsumerSocket,
  startTestServer,
} from '#testing'
import {
  CLIENT,
  closeDialog,
  eventsOf,
  givenSurvey,
  openAgent,
  runsOf,
  surveyDialogId,
} from './survey.fixture.ts'

const SURVEYS = 12

test('on two nodes every answer counts once and every survey ends once', async () => {
  await using server = await startTestServer({ clock: 'system', nodes: 2 })
  await givenFunction(server, 'surveybot_messaging_survey_started', `callback(null, 'ok')`)
  await givenFunction(server, 'surveybot_messaging_survey_ended', `callback(null, 'ok')`)
  const { skillId } = await givenSurvey(server, {
    questions: [
      { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' },
      { id: 'why', kind: 'free-text', text: 'Why?' },
    ],
  })

  await using agent = await openAgent(server)
  await call(server, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId], maxSlots: SURVEYS })
  await agent.goOnline()

  const conversations = await Promise.all(
    Array.from({ length: SURVEYS }, async (_, nth) => {
      const place = { url: server.urls[nth % 2] ?? '', accountId: server.accountId }
      await using consumer = await openConsumerSocket(place, { clientProperties: CLIENT })
      return await takeSurvey(consumer, agent, skillId, nth)
    }),
  )

  for (const [nth, conversationId] of conversations.entries()) {
    await expect
      .poll(() => eventsOf(server, conversationId))
      .toMatchObject([{ outcome: 'SUCCEEDED' }, { outcome: 'SUCCEEDED' }])
    expect(await runsOf(server, conversationId)).toMatchObject([
      {
        outcome: 'completed',
        answers: [{ score: 1 + (nth % 5) }, { text: `Because of ${nth}` }],
      },
    ])
  }
})

async function takeSurvey(
  consumer: ConsumerSocket,
  agent: AgentSocket,
  skillId: string,
  nth: number,
): Promise<string> {
  const conversationId = await consumer.openConversation({ skillId })
  await agent.accept(conversationId)
  await closeDialog(consumer, conversationId)
  const dialogId = await surveyDialogId(consumer, conversationId)
  await consumer.follow(dialogId)
  await consumer.message(dialogId, ({ text }) => text === 'How satisfied are you?')
  await consumer.say(dialogId, String(1 + (nth % 5)))
  await consumer.message(dialogId, ({ text }) => text === 'Why?')
  await consumer.say(dialogId, `Because of ${nth}`)
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the end')
  return conversationId
}
