import { afterAll, expect, test } from 'vitest'
import { liveChatAccount, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())
const account = await liveChatAccount(server)
const HOUR = 3600_000

test('the survey asks for satisfaction and the configured questions, and is kept with the chat', async () => {
  const chat = await account.ended()
  const form = await chat.consumer('GET', '/survey')
  expect(form.json()).toMatchObject({
    form: {
      csatQuestion: 'How satisfied were you with this chat?',
      questions: [{ questionId: 'experience', kind: 'multiple' }, { questionId: 'why' }],
    },
  })
  const submitted = await chat.consumer('POST', '/survey', {
    csatRank: 3,
    answers: [{ questionId: 'experience', answer: ['Poor', 'Below Average'] }],
  })

  expect(submitted.status).toBe(201)
  expect((await account.john('GET', `/chats/${chat.chatId}`)).json()).toMatchObject({
    chat: {
      survey: 'submitted',
      csatRank: 3,
      questionWithAnswers: [
        { question: 'How was the chat experience?', answer: 'Poor;Below Average' },
        { question: 'How satisfied were you with this chat?', answer: '3' },
      ],
    },
  })
})

test('of several submissions one counts', async () => {
  const chat = await account.ended()
  const replies = await Promise.all(
    [1, 2, 3, 4, 5].map((csatRank) => chat.consumer('POST', '/survey', { csatRank })),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
  const { chat: kept } = (await account.john('GET', `/chats/${chat.chatId}`)).json<{
    chat: { csatRank: number }
  }>()
  expect(kept.csatRank).toBe(statuses.indexOf(201) + 1)
  const other = { csatRank: (kept.csatRank % 5) + 1 }
  const late = await chat.consumer('POST', '/survey', other)
  expect(late.json()).toMatchObject({ error: { code: 'chat_survey_submitted' } })
})

test('a submission that is sent again, because its answer was lost, is answered as before', async () => {
  const chat = await account.ended()
  const submission = { csatRank: 4, answers: [{ questionId: 'why', answer: 'It was quick' }] }
  const first = await chat.consumer('POST', '/survey', submission)
  await server.clock.advance(60_000)
  const again = await chat.consumer('POST', '/survey', submission)
  expect([again.status, again.json()]).toEqual([201, first.json()])
  const other = await chat.consumer('POST', '/survey', { csatRank: 4 })
  expect(other.status).toBe(409)
})

test.each([
  ['no rank', {}, /body\.csatRank/],
  ['a rank of 6', { csatRank: 6 }, /body\.csatRank/],
  ['a rank of 2.5', { csatRank: 2.5 }, /body\.csatRank/],
  [
    'an unknown question',
    { csatRank: 1, answers: [{ questionId: 'x', answer: 'y' }] },
    /No question/,
  ],
  ['an unknown option', answer('experience', ['Splendid']), /must be options/],
  ['an option twice', answer('experience', ['Poor', 'Poor']), /must not repeat/],
  ['two texts', answer('why', ['a', 'b']), /one answer/],
  [
    'two answers to one question',
    {
      csatRank: 1,
      answers: [
        { questionId: 'why', answer: 'a' },
        { questionId: 'why', answer: 'b' },
      ],
    },
    /must not answer/,
  ],
])('a survey with %s is refused, and may be sent again', async (_what, submission, message) => {
  const chat = await account.ended()
  const refused = await chat.consumer('POST', '/survey', submission)
  expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(message)])
  expect((await chat.consumer('POST', '/survey', { csatRank: 4 })).status).toBe(201)
})

test('a required question needs an answer, and a form may do without a rank', async () => {
  const account = await liveChatAccount(server)
  const why = { questionId: 'why', kind: 'text', text: 'Why?', required: true }
  await account.setChat({ survey: { csatRequired: false, questions: [why] } })
  const chat = await account.ended()
  expect((await chat.consumer('POST', '/survey', { csatRank: 1 })).text).toMatch(/must answer/)
  expect((await chat.consumer('POST', '/survey', answer('why', '  '))).status).toBe(400)
  const { csatRank: _, ...unrated } = answer('why', 'because')
  expect((await chat.consumer('POST', '/survey', unrated)).status).toBe(201)
})

test('there is no survey before the end, after a chat without an agent, or where none is set', async () => {
  const account = await liveChatAccount(server)
  const running = await account.accepted()
  expect((await running.consumer('GET', '/survey')).json()).toMatchObject({
    error: { code: 'chat_not_ended' },
  })
  const waiting = await account.start()
  await waiting.consumer('POST', '/end')
  expect((await waiting.consumer('POST', '/survey', { csatRank: 1 })).status).toBe(404)
  await account.setChat({ survey: undefined })
  const unasked = await account.ended()
  expect((await unasked.consumer('GET', '/survey')).status).toBe(404)
})

test('a running chat is asked what was configured when it ended', async () => {
  const account = await liveChatAccount(server)
  const chat = await account.ended()
  await account.setChat({ survey: { questions: [] } })
  const kept = await chat.consumer('POST', '/survey', answer('why', 'the old form'))
  expect(kept.status).toBe(201)
})

test.each([
  ['an option with a semicolon', { options: ['a;b'] }, /semicolon/],
  ['no options', { options: [] }, /options/],
  ['an option twice', { options: ['a', 'a'] }, /differ/],
])('a form with %s is refused', async (_what, change, message) => {
  const question = { questionId: 'q', kind: 'multiple', text: 'Q?', ...change }
  const settings = { survey: { questions: [question] } }
  const refused = await account.admin('PUT', '/chat-settings', settings)
  expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(message)])
})

test('a survey is closed a day after the chat', async () => {
  const [soon, late] = [await account.ended(), await account.ended()]
  await server.clock.advance(24 * HOUR - 1000)
  expect((await soon.consumer('POST', '/survey', { csatRank: 5 })).status).toBe(201)
  await server.clock.advance(1000)
  const refused = await late.consumer('POST', '/survey', { csatRank: 5 })
  expect([refused.status, refused.json()]).toMatchObject([
    410,
    { error: { code: 'chat_survey_expired' } },
  ])
  expect((await late.consumer('GET', '')).json()).toMatchObject({ chat: { survey: 'expired' } })
})

function answer(questionId: string, given: string | string[]) {
  return { csatRank: 2, answers: [{ questionId, answer: given }] }
}
