import { expect, test, vi } from 'vitest'
import { call, givenFunction, startTestServer } from '#testing'
import { eventsOf, givenSurvey, startSurvey } from './survey.fixture.ts'

const STARTED = 'surveybot_messaging_survey_started'
const ENDED = 'surveybot_messaging_survey_ended'
const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }

test('the function of a survey that finds the machine too busy runs a little later', async () => {
  await using server = await startTestServer()
  await call(server, 'PATCH', 'settings', { controllerBotEnabled: false })
  await givenFunction(server, STARTED, `callback(null, 'ok')`)
  await givenFunction(server, ENDED, `callback(null, 'ok')`)
  const { skillId } = await givenSurvey(server, { questions: [csat] })
  using busy = vi.spyOn(server.context.sandbox, 'invoke').mockResolvedValueOnce({
    ok: false,
    failure: 'unavailable',
    errorCode: 'queue-full',
    message: 'Too many calls wait for an instance',
    retryable: true,
    logs: [],
    outgoing: [],
    durationMs: 0,
    start: 'warm',
  })

  const { consumer, conversationId, bot, answer } = await startSurvey(server, skillId)
  await using _ = consumer
  // The survey does not wait for it.
  expect(await bot()).toEqual([csat.text])
  await answer('5')
  await server.clock.advance(10_000)

  const events = async () =>
    (await eventsOf(server, conversationId)).map(({ eventId, outcome }) => [eventId, outcome])
  await expect.poll(events).toEqual([
    [STARTED, 'PLATFORM_FAILURE'],
    [STARTED, 'SUCCEEDED'],
    [ENDED, 'SUCCEEDED'],
  ])
  expect(busy).toHaveBeenCalledTimes(3)
})
