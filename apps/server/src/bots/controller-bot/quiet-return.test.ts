import type { ChangeFacts, ConversationChange } from '@parley/contract'
import { raisedEvent } from '@parley/contract/events'
import { expect, test } from 'vitest'
import { call, givenFunction, givenIssuer, startTestServer } from '#testing'
import { someConversation, someFacts } from './change-facts.fixture.ts'
import { invocationsOf } from './controller-bot.fixture.ts'
import { FIRST_INPUTS, openAgent, openConsumer, openIn } from './scene.fixture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function isQuietReturn(facts: ChangeFacts): boolean {
  return raisedEvent(facts)?.invokesFunction === false
}

function isQuiet({
  hours,
  authenticated = true,
  autoClosed = true,
}: {
  hours: number
  authenticated?: boolean
  autoClosed?: boolean
}): boolean {
  const at = 1_528_463_781_807
  const change: ConversationChange = {
    kind: 'opened',
    firstConversation: false,
    previous: { endAt: at - hours * HOUR_MS, autoClosed },
  }
  return isQuietReturn(someFacts(change, { at, conversation: someConversation({ authenticated }) }))
}

test('an authenticated consumer who returns within 48 hours of an auto-close raises no event', () => {
  expect(isQuiet({ hours: 47 })).toBe(true)
  expect(isQuiet({ hours: 48 })).toBe(true)
  expect(isQuiet({ hours: 48.0001 })).toBe(false)
  expect(isQuiet({ hours: 49 })).toBe(false)
})

test('anonymous consumers, and conversations that somebody closed, raise it', () => {
  expect(isQuiet({ hours: 47, authenticated: false })).toBe(false)
  expect(isQuiet({ hours: 49, authenticated: false })).toBe(false)
  expect(isQuiet({ hours: 1, autoClosed: false })).toBe(false)
})

test('a first conversation raises it', () => {
  expect(isQuietReturn(someFacts({ kind: 'opened', firstConversation: true }))).toBe(false)
})

test.each([
  { hours: 47.5, runs: 0 },
  { hours: 50, runs: 1 },
])(
  'the 48 hours begin with the auto-close, not with the end of its survey: after $hours there are $runs runs',
  async ({ hours, runs }) => {
    await using server = await startTestServer()
    await givenFunction(server, 'controllerbot_messaging_new_conversation', 'callback()')
    await call(server, 'PATCH', 'settings', { messaging: { autoCloseMs: 25 * MINUTE_MS } })
    const { surveyId } = await call<{ surveyId: number }>(server, 'POST', 'surveys', {
      name: 'How was it?',
      fallback: 'Please choose an answer',
      questions: [{ id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }],
      afterAutoClose: true,
      expiresAfterMinutes: 47 * 60,
    })
    await call(server, 'PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
    const tokenOf = await givenIssuer(server)
    await using consumer = await openConsumer(server, FIRST_INPUTS, await tokenOf('ada'))
    await using agent = await openAgent(server)
    const former = await openIn(server, consumer)
    await agent.accept(former)
    await agent.say(former, 'Anything else?')
    await server.clock.advance(25 * MINUTE_MS)
    await consumer.until(() => consumer.details(former)?.state === 'CLOSE', 'the auto-close')
    expect(consumer.details(former)?.stage).toBe('OPEN')
    await server.clock.advance(hours * HOUR_MS)
    await consumer.until(() => consumer.details(former)?.stage === 'CLOSE', 'the end of the survey')

    const conversationId = await openIn(server, consumer)

    expect(await invocationsOf(server, conversationId)).toHaveLength(runs)
  },
)
