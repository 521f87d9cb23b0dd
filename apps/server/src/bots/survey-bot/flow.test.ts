import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
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
  eventsOf,
  givenSurvey,
  inSurvey,
  runsOf,
  serve,
  startSurvey,
  surveyDialogOf,
} from './survey.fixture.ts'

const STARTED = 'surveybot_messaging_survey_started'
const ENDED = 'surveybot_messaging_survey_ended'
const HOUR_MS = 3_600_000

const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
const why = { id: 'why', kind: 'free-text', text: 'Why?', optional: true }

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
  await givenFunction(scene, STARTED, `callback(null, { type: 'closeConversation' })`)
  await givenFunction(scene, ENDED, `callback(null, { type: 'systemMessage', text: 'ignored' })`)
})
afterAll(() => server[Symbol.asyncDispose]())

test('a consumer takes a survey of every kind of question to its end', async () => {
  const { skillId, surveyId, appInstallId } = await givenSurvey(scene, {
    greeting: 'One moment, please',
    thankYou: 'Thank you',
    questions: [
      csat,
      why,
      { id: 'nps', kind: 'NPS', text: 'Would you recommend us?' },
      { id: 'fcr', kind: 'FCR', text: 'Is it solved?' },
      {
        id: 'topics',
        kind: 'multiple-choice',
        text: 'About what?',
        answers: [
          { id: 'a', text: 'Orders' },
          { id: 'b', text: 'Returns' },
        ],
      },
      {
        id: 'channel',
        kind: 'single-choice',
        text: 'Where next time?',
        answers: [
          { id: 'c', text: 'Here' },
          { id: 'd', text: 'By phone' },
        ],
      },
    ],
  })
  const survey = await startSurvey(scene, skillId)
  const { consumer, conversationId, dialogId } = survey
  await using _ = consumer
  const details = consumer.details(conversationId)
  expect(details).toMatchObject({ state: 'CLOSE', stage: 'OPEN' })
  expect(details.dialogs).toMatchObject([
    {
      dialogId,
      dialogType: 'POST_SURVEY',
      channelType: 'MESSAGING',
      state: 'OPEN',
      metaData: { appInstallId },
    },
    { dialogId: conversationId, dialogType: 'MAIN', state: 'CLOSE', closedBy: 'CONSUMER' },
  ])
  expect(details.dialogs[0].creationTs).toBe(details.dialogs[1].endTs)

  await survey.click('4')
  await survey.answer('Quick answers')
  await survey.click('10')
  await survey.click('yes')
  await survey.answer('orders, returns')
  await survey.answer('2')

  expect(await survey.bot()).toEqual([
    'One moment, please',
    'How satisfied are you?',
    'Why?',
    'Would you recommend us?',
    'Is it solved?',
    'About what?',
    'Where next time?',
    'Thank you',
  ])
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the end')
  expect(surveyDialogOf(consumer, conversationId)).toMatchObject({
    state: 'CLOSE',
    closedBy: 'AGENT',
    closedCause: 'Completed',
  })
  expect(await runsOf(scene, conversationId)).toMatchObject([
    {
      surveyId,
      revision: 1,
      skillId,
      outcome: 'completed',
      answers: [
        { questionId: 'csat', answerIds: ['4'], score: 4 },
        { questionId: 'why', text: 'Quick answers', skipped: false },
        { questionId: 'nps', score: 10 },
        { questionId: 'fcr', score: 1 },
        { questionId: 'topics', answerIds: ['a', 'b'] },
        { questionId: 'channel', answerIds: ['d'] },
      ],
    },
  ])
  const events = await eventsOf(scene, conversationId)
  expect(events.map(({ eventId, outcome }) => ({ eventId, outcome }))).toEqual([
    { eventId: STARTED, outcome: 'SUCCEEDED' },
    { eventId: ENDED, outcome: 'SUCCEEDED' },
  ])
})

test('a question carries quick replies and metadata, an answer is marked as read', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  const { consumer, dialogId, click } = await startSurvey(scene, skillId)
  await using _ = consumer
  const question = await consumer.message(dialogId, ({ text }) => text === csat.text)
  expect(question.role).toBe('AGENT')
  expect(question.record.metadata).toEqual([
    {
      type: 'Question',
      id: 'csat',
      groupId: 'CSAT',
      surveyId,
      provider: 'parley',
      replies: ['1', '2', '3', '4', '5'],
    },
  ])
  expect(question.event.quickReplies.replies).toHaveLength(5)
  await click('5')
  const read = await consumer.message(dialogId, ({ event }) => event.status === 'READ')
  expect(read.role).toBe('AGENT')
  const typing = await consumer.heard(
    ({ type, body }) =>
      type === 'ms.MessagingEventNotification' &&
      body.changes.some(
        (change: { event: { chatState?: string } }) => change.event.chatState === 'COMPOSING',
      ),
    'typing',
  )
  expect(typing.body.changes[0].originatorMetadata.role).toBe('AGENT')
})

test('a survey that is not finished in time expires', async () => {
  const { skillId } = await givenSurvey(scene, {
    questions: [csat],
    expiredText: 'Too late',
    expiresAfterMinutes: 30,
  })
  const { consumer, conversationId, bot } = await startSurvey(scene, skillId)
  await using _ = consumer
  await scene.clock.advance(HOUR_MS / 2)
  expect(await bot()).toEqual([csat.text, 'Too late'])
  expect(await runsOf(scene, conversationId)).toMatchObject([{ outcome: 'expired', answers: [] }])
  const events = await eventsOf(scene, conversationId)
  expect(events.map(({ eventId }) => eventId)).toEqual([STARTED, ENDED])
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the end')
})

test('a survey that the consumer closes is abandoned', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat, why] })
  const { consumer, conversationId, dialogId, answer } = await startSurvey(scene, skillId)
  await using _ = consumer
  await answer('2')
  await closeDialog(consumer, conversationId, dialogId)
  await scene.clock.advance(2 * HOUR_MS)
  expect(await runsOf(scene, conversationId)).toMatchObject([
    { outcome: 'abandoned', answers: [{ questionId: 'csat', score: 2 }] },
  ])
  expect(await eventsOf(scene, conversationId)).toMatchObject([
    { eventId: STARTED },
    { eventId: ENDED, payload: { lastQuestionId: 'why' } },
  ])
  await expect(answer('too late')).rejects.toThrow('Not published')
})

test('two devices answer one question: one answer counts', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat, why] })
  const survey = await startSurvey(scene, skillId)
  await using consumer = survey.consumer
  await using second = await openConsumerSocket(scene, {
    jwt: consumer.jwt,
    clientProperties: CLIENT,
  })
  const metadata = (id: string) => [{ type: 'Answer', questionId: 'csat', id, provider: 'parley' }]
  const event = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })
  const { dialogId } = survey
  const click = (id: string): [string, object, object] => [
    'ms.PublishEvent',
    { dialogId, event: event(id) },
    { metadata: metadata(id) },
  ]
  await Promise.all([consumer.request(...click('2')), second.request(...click('5'))])
  await scene.clock.advance(0)
  const [run] = await runsOf(scene, survey.conversationId)
  expect(run?.answers).toHaveLength(1)
  expect(run?.open?.questionId).toBe('why')
  expect(await survey.bot()).toEqual([csat.text, why.text])
})

test.each<[string, { features?: string[]; skillId?: string }, string]>([
  ['a client that knows one dialog', { features: ['RICH_CONTENT'] }, 'dialog'],
  ['a skill without one', { skillId: '1001' }, 'dialog'],
  ['closing the whole conversation', {}, 'whole'],
])('%s gets no survey', async (_, { features, skillId: otherSkill }, close) => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const clientProperties = { ...CLIENT, ...(features && { features }) }
  await using consumer = await openConsumerSocket(scene, { clientProperties })
  const ofSkill = otherSkill ?? skillId
  const conversationId = await consumer.openConversation({ skillId: ofSkill })
  await serve(scene, conversationId, ofSkill)
  if (close === 'dialog') await closeDialog(consumer, conversationId)
  else {
    const field = { field: 'ConversationStateField', conversationState: 'CLOSE' }
    const body = { conversationId, conversationField: [field] }
    await consumer.request('cm.UpdateConversationField', body)
  }
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the close')
  expect(surveyDialogOf(consumer, conversationId)).toBeUndefined()
})

test('a survey is suppressed and sent by hand', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat] })
  await using consumer = await openConsumerSocket(scene, { clientProperties: CLIENT })
  const first = await consumer.openConversation({ skillId })
  await serve(scene, first, skillId)
  await call(scene, 'PUT', `conversations/${first}/survey`, { choice: 'suppress' })
  await closeDialog(consumer, first)
  await consumer.until(() => consumer.details(first)?.stage === 'CLOSE', 'the close')

  const second = await consumer.openConversation({ skillId: '1001' })
  await serve(scene, second, '1001')
  await call(scene, 'PUT', `conversations/${second}/survey`, { choice: 'send', surveyId })
  await closeDialog(consumer, second)
  const { bot } = await inSurvey(scene, consumer, second)
  expect(await bot()).toEqual([csat.text])
})

test('a bot that cannot go on leaves a dead letter, and the system closes the survey after 48 hours', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  const { consumer, conversationId, answer, bot } = await startSurvey(scene, skillId)
  await using _ = consumer
  const startedAt = scene.clock.now()
  await scene.context.store.db
    .deleteFrom('surveyRevision')
    .where('accountId', '=', scene.accountId)
    .where('surveyId', '=', surveyId)
    .execute()
  await answer('3')
  await scene.clock.advance(HOUR_MS / 60)
  expect(await bot()).toEqual([csat.text])
  expect(await scene.context.delivery.deadLetters.list(scene.accountId)).toMatchObject([
    { name: 'survey-bot', lane: conversationId },
  ])

  await scene.clock.advance(48 * HOUR_MS)
  await consumer.until(() => consumer.details(conversationId)?.stage === 'CLOSE', 'the end')
  expect(surveyDialogOf(consumer, conversationId)).toMatchObject({
    state: 'CLOSE',
    closedBy: 'SYSTEM',
    endTs: startedAt + 48 * HOUR_MS,
  })
  expect((await eventsOf(scene, conversationId)).map(({ eventId }) => eventId)).toContain(ENDED)
})

test('rows of answers are such that nodes of version 0.1.0 handle them during an upgrade', async () => {
  await using own = await startTestServer()
  const { db } = own.context.store
  await sql`create table inserted (kind text)`.execute(db)
  await sql`create function note_kind() returns trigger language plpgsql as $$ begin
    insert into inserted select new.facts->'change'->>'kind' where new.consumer = 'survey-bot';
    return new;
  end $$`.execute(db)
  await sql`create trigger note_kind before insert on outbox
    for each row execute function note_kind()`.execute(db)
  const { skillId } = await givenSurvey(own, { questions: [csat] })
  const survey = await startSurvey(own, skillId)
  await using _ = survey.consumer

  await survey.answer('4')

  const { rows } = await sql<{ kind: string }>`select kind from inserted order by kind`.execute(db)
  expect(rows.map(({ kind }) => kind)).toEqual(['closed', 'line', 'survey-closed'])
  expect(await runsOf(own, survey.conversationId)).toMatchObject([{ outcome: 'completed' }])
})
