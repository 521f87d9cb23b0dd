import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, openConsumerSocket, type Scene, startTestServer, type TestServer } from '#testing'
import {
  CLIENT,
  closeDialog,
  givenSurvey,
  inSurvey,
  openAgent,
  runsOf,
  serve,
  startSurvey,
} from './survey.fixture.ts'

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

const channel = {
  id: 'channel',
  kind: 'single-choice',
  text: { en: 'Where next time?', de: 'Wo beim nächsten Mal?' },
  answers: [
    { id: 'here', text: { en: 'Here', de: 'Hier' } },
    { id: 'phone', text: { en: 'By phone', de: 'Am Telefon' } },
  ],
}
const csat = { id: 'csat', kind: 'CSAT', text: { en: 'Satisfied?', de: 'Zufrieden?' } }
const definition = {
  questions: [channel, csat],
  thankYou: { en: 'Thank you', de: 'Danke' },
  fallback: { en: 'Please choose', de: 'Bitte wählen' },
}
const german = [
  'Wo beim nächsten Mal?',
  'Hier',
  'Am Telefon',
  'Zufrieden?',
  'Bitte wählen',
  'Danke',
]
const english = ['Where next time?', 'Here', 'By phone', 'Satisfied?', 'Please choose', 'Thank you']

test.each([
  { listStyle: 'numbers', lang: 'de-DE', markers: ['1. ', '2. '], answer: '2', texts: german },
  { listStyle: 'letters', lang: 'en-GB', markers: ['a. ', 'b. '], answer: 'b', texts: english },
  { listStyle: 'none', lang: 'fr-FR', markers: ['', ''], answer: 'by phone', texts: english },
])(
  'a text-only client in $lang gets a list in the style $listStyle and answers from it',
  async ({ listStyle, lang, markers, answer, texts }) => {
    const { skillId } = await givenSurvey(scene, { ...definition, listStyle })
    const survey = await startSurvey(scene, skillId, {
      client: { ...CLIENT, features: ['MULTI_DIALOG'] },
      request: { conversationContext: { type: 'MobileAppContext', lang } },
    })
    await using _ = survey.consumer
    await survey.answer('something else')
    await survey.answer(answer)
    await survey.answer('4')

    const [question, here, phone, satisfied, fallback, thanks] = texts
    const list = `${markers[0]}${here}\n${markers[1]}${phone}`
    expect(await survey.bot()).toEqual([
      `${question}\n${list}`,
      `${fallback}\n${list}`,
      `${satisfied}\n1, 2, 3, 4, 5`,
      thanks,
    ])
    expect(await runsOf(scene, survey.conversationId)).toMatchObject([
      { outcome: 'completed', answers: [{ answerIds: ['phone'] }, { answerIds: ['4'], score: 4 }] },
    ])
  },
)

/** A conversation that an agent has taken, of a skill with a survey. */
async function givenServed() {
  await using opened = new AsyncDisposableStack()
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const agent = opened.use(await openAgent(scene))
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
  await agent.goOnline()
  const consumer = opened.use(await openConsumerSocket(scene, { clientProperties: CLIENT }))
  const conversationId = await consumer.openConversation({ skillId })
  await agent.accept(conversationId)
  const resources = opened.move()
  return { agent, consumer, conversationId, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

test('nobody but the consumer answers: the agent may only read, strangers not even that', async () => {
  await using served = await givenServed()
  const { agent, consumer, conversationId } = served
  await closeDialog(consumer, conversationId)
  const { dialogId, answer } = await inSurvey(scene, consumer, conversationId)
  await using stranger = await openConsumerSocket(scene, { clientProperties: CLIENT })
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: '1' }
  for (const [socket, prefix] of [
    [agent, '.ams.'],
    [stranger, ''],
  ] as const) {
    const refused = await socket.request(`${prefix}ms.PublishEvent`, { dialogId, event })
    expect(refused.code).toBeGreaterThanOrEqual(400)
  }
  for (const conversationField of [
    { field: 'DialogChange', dialog: { dialogId, state: 'CLOSE' } },
    { field: 'ConversationStateField', conversationState: 'CLOSE' },
  ]) {
    const refused = await agent.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField,
    })
    expect([refused.code, refused.body]).toEqual([403, 'A reader may only read'])
  }
  await answer('5')
  expect(await runsOf(scene, conversationId)).toMatchObject([{ answers: [{ score: 5 }] }])
})

test('an agent who closes the dialog again, as the answer was lost, is answered as before: the survey goes on', async () => {
  await using served = await givenServed()
  const { agent, consumer, conversationId } = served
  const dialog = { dialogId: conversationId, state: 'CLOSE' }
  const close = () =>
    agent.request('.ams.cm.UpdateConversationField', {
      conversationId,
      conversationField: { field: 'DialogChange', type: 'UPDATE', dialog },
    })
  const first = await close()
  const { answer } = await inSurvey(scene, consumer, conversationId)
  const second = await close()
  expect([second.code, second.body]).toEqual([200, first.body])
  await answer('5')
  expect(await runsOf(scene, conversationId)).toMatchObject([{ answers: [{ score: 5 }] }])
})

test('a survey is chosen by hand only while the conversation is open, and only one that there is', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat] })
  await using consumer = await openConsumerSocket(scene, { clientProperties: CLIENT })
  const conversationId = await consumer.openConversation({ skillId })
  const choose = (body: object) =>
    scene.request(
      'PUT',
      `/api/v1/accounts/${scene.accountId}/conversations/${conversationId}/survey`,
      {
        bearer: scene.adminBearer,
        body,
      },
    )
  expect((await choose({ choice: 'send', surveyId })).status).toBe(200)
  const unknown = await choose({ choice: 'send', surveyId: surveyId + 1000 })
  expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('body.surveyId')])
  await serve(scene, conversationId, skillId)
  await closeDialog(consumer, conversationId)
  expect((await choose({ choice: 'suppress' })).status).toBe(409)
})

test('a revision that no survey can have is refused, and the export with it', async () => {
  const { surveyId } = await givenSurvey(scene, { questions: [csat] })
  for (const path of [
    `surveys/${surveyId}?`,
    'survey-runs?',
    'survey-scores?',
    'survey-runs.csv?',
  ]) {
    const reply = await scene.request(
      'GET',
      `/api/v1/accounts/${scene.accountId}/${path}revision=${Number.MAX_SAFE_INTEGER}`,
      { bearer: scene.adminBearer },
    )
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('query.revision')])
  }
})

test.each([
  ['zh-TW', 'zh-Hant'],
  ['zh-HK', 'zh-Hant'],
  ['zh-CN', 'zh-Hans'],
  ['zh-SG', 'zh-Hans'],
  ['zh-Hans-TW', 'zh-Hans'],
  ['zh', 'zh-Hans'],
  ['zh-Hant-MO', 'zh-MO'],
  ['sr-ME', 'sr-Latn'],
  ['sr-RS', 'en'],
  ['sr-Cyrl-ME', 'en'],
])('a text is found in the script that %s is written in: %s', async (language, tag) => {
  const tags = ['en', 'zh-Hans', 'zh-Hant', 'zh-MO', 'sr-Latn']
  const questions = [{ ...csat, text: Object.fromEntries(tags.map((one) => [one, one])) }]
  const asked = { definition: { name: 'Scripts', fallback: 'Choose', questions }, language }
  expect(await call(scene, 'POST', 'survey-preview', asked)).toMatchObject({
    lines: [{ event: { message: tag } }],
  })
})

test('an answer counts, also when the consumer has closed the survey before the bot has read it', async () => {
  const questions = [csat, { id: 'why', kind: 'free-text', text: 'Why?' }]
  const { skillId, surveyId } = await givenSurvey(scene, { questions })
  const { consumer, conversationId, dialogId } = await startSurvey(scene, skillId)
  await using _ = consumer
  const renumber = (revision: number) =>
    scene.context.store.db
      .updateTable('surveyRevision')
      .set({ revision })
      .where('surveyId', '=', surveyId)
      .execute()
  // Without its questions the bot fails for the moment: it tries again a little later.
  await renumber(2)
  await consumer.say(dialogId, '4')
  await closeDialog(consumer, conversationId, dialogId)
  await renumber(1)

  await scene.clock.advance(60_000)

  expect(await runsOf(scene, conversationId)).toMatchObject([
    { outcome: 'abandoned', lastQuestionId: 'csat', answers: [{ questionId: 'csat', score: 4 }] },
  ])
})

test('an answer counts, also when the time of the survey is over before the bot has read it', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, {
    questions: [csat],
    expiresAfterMinutes: 1,
  })
  const { consumer, conversationId, dialogId } = await startSurvey(scene, skillId)
  await using _ = consumer
  const { db } = scene.context.store
  const renumber = (revision: number) =>
    db.updateTable('surveyRevision').set({ revision }).where('surveyId', '=', surveyId).execute()
  await scene.clock.advance(59_900)
  // Without its questions the bot fails for the moment: it tries again half a second later.
  await renumber(2)
  await consumer.say(dialogId, '4')
  const waiting = db
    .selectFrom('outbox')
    .select('starts')
    .where('lane', '=', conversationId)
    .where('consumer', '=', 'survey-bot')
    .where('failures', '=', 1)
  await expect.poll(() => waiting.execute()).toHaveLength(1)
  await renumber(1)

  await scene.clock.advance(60_000)

  expect(await runsOf(scene, conversationId)).toMatchObject([
    { outcome: 'completed', answers: [{ questionId: 'csat', score: 4 }] },
  ])
})

test('a question that got no answer in all its tries stands in the results, and so does the one that was asked last', async () => {
  const questions = [csat, { id: 'why', kind: 'free-text', text: 'Why?' }]
  const { skillId } = await givenSurvey(scene, { questions, fallbackLimit: 1 })
  const survey = await startSurvey(scene, skillId)
  await using _ = survey.consumer
  await survey.answer('nine')
  await survey.answer('=ten')
  expect((await survey.bot()).at(-1)).toBe('Why?')
  await closeDialog(survey.consumer, survey.conversationId, survey.dialogId)
  await scene.clock.advance(0)

  const unclear = { questionId: 'csat', kind: 'CSAT', answerIds: [], text: '=ten', skipped: true }
  expect(await runsOf(scene, survey.conversationId)).toMatchObject([
    { outcome: 'abandoned', answers: [unclear] },
  ])
  const query = `skillId=${skillId}`
  const url = `/api/v1/accounts/${scene.accountId}/survey-runs.csv?${query}`
  const { text } = await scene.request('GET', url, { bearer: scene.adminBearer })
  const [, ...lines] = text.trim().split('\r\n')
  expect(lines.map((line) => line.split(',').slice(8, 14))).toEqual([
    ['csat', 'CSAT', '', '', 'true', `'=ten`],
    ['why', '', '', '', '', ''],
  ])
  expect(await call(scene, 'GET', `survey-totals?by=skill&${query}`)).toMatchObject({
    totals: [{ surveys: 1, answered: 0 }],
  })
})
