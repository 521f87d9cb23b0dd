import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenSurvey, startSurvey } from '../../apps/server/src/bots/survey-bot/survey.fixture.ts'
import {
  lambdasOf,
  liveChatAccount,
  openTestMailServer,
  type Scene,
  startTestServer,
  type TestMailServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'
import { deployTemplate, sourceOf } from './template.fixture.ts'

const CHAT_SURVEY = 'denver_post_survey_email_transcript'

/** Templates of what follows a conversation or a chat. */
let smtp: TestMailServer
let server: TestServer
beforeAll(async () => {
  smtp = await openTestMailServer()
  server = await startTestServer({ env: { PARLEY_SMTP_URL: smtp.url } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await smtp[Symbol.asyncDispose]()
})

test('Survey Started and Survey Ended note the survey of the conversation', async () => {
  const scene: Scene = server
  const account = lambdasOf(server)
  const started = await deployTemplate(
    account,
    'surveybot_messaging_survey_started',
    'Messaging Survey Started',
  )
  const ended = await deployTemplate(
    account,
    'surveybot_messaging_survey_ended',
    'Messaging Survey Ended',
  )
  const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat] })

  const survey = await startSurvey(scene, skillId)
  await using _consumer = survey.consumer
  const noted = {
    level: 'Info',
    message: `Survey ${surveyId} of conversation ${survey.conversationId}`,
    extras: [{ lastQuestionId: 'csat' }],
  }
  await expect.poll(started.logs).toMatchObject([noted])
  expect(await ended.logs()).toEqual([])

  await survey.answer('4')
  await expect.poll(ended.logs).toMatchObject([noted])
  expect(await started.logs()).toHaveLength(1)
})

test('Chat Post Survey mails the transcript of a badly rated chat of CustomerCare', async () => {
  const chats = await liveChatAccount(server)
  const code = sourceOf(CHAT_SURVEY, 'Chat Post Survey E-Mail Transcript')
  await chats.deploy('mails', code)
  const rate = async (csatRank: number) => {
    const chat = await chats.ended({ name: 'Ada', text: 'Where is my parcel?' })
    expect((await chat.consumer('POST', '/survey', { csatRank })).status).toBe(201)
    await server.clock.advance(0)
  }

  await rate(5)
  expect(smtp.mails).toEqual([])
  await rate(2)

  await expect.poll(() => smtp.mails).toHaveLength(1)
  const [mail] = smtp.mails
  expect(mail?.envelope).toMatchObject({ from: 'noreply@example.com', to: ['team@example.com'] })
  expect(mail?.raw).toContain('From: John Doe <noreply@example.com>')
  expect(mail?.raw).toContain('Subject: Chat transcript\r\n')
})
