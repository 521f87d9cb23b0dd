import { findEvent } from '@parley/contract/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  call,
  givenFunction,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { surveyBotOf } from './bot-identity.ts'
import {
  CLIENT,
  closeDialog,
  eventsOf,
  givenSurvey,
  inSurvey,
  openAgent,
  serve,
  surveyDialogId,
} from './survey.fixture.ts'

const STARTED = 'surveybot_messaging_survey_started'
const ENDED = 'surveybot_messaging_survey_ended'

const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
const why = { id: 'why', kind: 'free-text', text: 'Why?', optional: true }

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
  // Its message at the end would come before the survey or after it began.
  await call(scene, 'PATCH', 'settings', { controllerBotEnabled: false })
  await givenFunction(scene, STARTED, `callback(null, 'ok')`)
  await givenFunction(scene, ENDED, `throw new Error('changes nothing')`)
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  {
    lang: 'en-US',
    campaignInfo: { campaignId: 2451931211, engagementId: 2451931311 },
    sent: { campaignId: 2451931211, engagementId: 2451931311 },
    browser: 'CHROME',
    isFirst: true,
    ttr: { ttrType: 'NORMAL', value: 3600 },
    revision: 1,
    closer: 'CONSUMER',
    closedCause: 'Closed by consumer',
    localAddress: '127.0.0.1',
  },
  {
    lang: 'de-DE',
    campaignInfo: { campaignId: 'c-1', engagementId: '12' },
    sent: { campaignId: 'c-1', engagementId: 12 },
    browser: 'FIREFOX',
    isFirst: false,
    ttr: { ttrType: 'URGENT', value: 300 },
    revision: 2,
    closer: 'AGENT',
    closedCause: 'Closed by agent',
    // Elsewhere the loopback interface has only one address.
    localAddress: process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1',
  },
])(
  'both events tell what the seed names, in $lang',
  async ({ lang, campaignInfo, sent, browser, isFirst, ttr, revision, closer, ...variant }) => {
    const { skillId, surveyId, appInstallId } = await givenSurvey(scene, { questions: [csat, why] })
    if (revision === 2) {
      const changed = { name: 'A survey', fallback: 'Please choose', questions: [csat, why] }
      await call(scene, 'PUT', `surveys/${surveyId}`, changed)
    }
    const client = { ...CLIENT, browser }
    const conversationContext = {
      type: 'SharkContext',
      lang,
      visitorId: 'hjMTk3ZTcwZ',
      sessionId: 'iGY4vsiETB',
      interactionContextId: '5',
    }
    await using agent = await openAgent(scene)
    await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
    await agent.goOnline()
    const { localAddress, closedCause } = variant
    const consumer = await openConsumerSocket(scene, { clientProperties: client, localAddress })
    await using _ = consumer
    if (!isFirst) await closeDialog(consumer, await consumer.openConversation({ skillId: '1001' }))
    const conversationId = await consumer.openConversation({
      skillId,
      campaignInfo,
      conversationContext,
    })
    await agent.accept(conversationId)
    if (ttr.ttrType === 'URGENT') {
      const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
      await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
    }
    await consumer.say(conversationId, 'Thanks, bye')
    const saidAt = scene.clock.now()
    await scene.clock.advance(1000)
    if (closer === 'CONSUMER') await closeDialog(consumer, conversationId)
    else {
      const dialog = { dialogId: conversationId, state: 'CLOSE' }
      await agent.update(conversationId, { field: 'DialogChange', type: 'UPDATE', dialog })
    }
    const survey = await inSurvey(scene, consumer, conversationId)
    await survey.answer('3')
    await scene.clock.advance(1000)
    await survey.answer('skip')

    const bot = surveyBotOf(scene.accountId)
    const controller = scene.context.accounts.controllerBot(scene.accountId)
    const clientProperties = { ...client, ipAddress: localAddress, type: '.ClientProperties' }
    const common = {
      conversationId,
      accountId: scene.accountId,
      surveyId,
      surveyRevision: revision,
      skillId,
      effectiveTTR: saidAt + ttr.value * 1000,
      campaignInfo: sent,
      closeReason: closer,
      context: { ...conversationContext, clientProperties },
      firstConversation: isFirst,
      participants: [
        { id: consumer.consumerId, role: 'CONSUMER' },
        { id: agent.pid, role: 'ASSIGNED_AGENT' },
      ],
      startTs: saidAt,
      ttr,
    }
    const main = {
      dialogId: conversationId,
      participantsDetails: [
        { id: consumer.consumerId, role: 'CONSUMER', state: 'ACTIVE' },
        { id: controller.pid, role: 'CONTROLLER', state: 'ACTIVE' },
        { id: agent.pid, role: 'ASSIGNED_AGENT', state: 'ACTIVE' },
      ],
      dialogType: 'MAIN',
      channelType: 'MESSAGING',
      state: 'CLOSE',
      creationTs: saidAt,
      endTs: saidAt + 1000,
      metaDataLastUpdateTs: saidAt + 1000,
      closedBy: closer,
      closedCause,
    }
    const surveyDialog = {
      dialogId: survey.dialogId,
      participantsDetails: [
        { id: consumer.consumerId, role: 'CONSUMER', state: 'ACTIVE' },
        { id: bot.pid, role: 'AGENT', state: 'ACTIVE' },
        { id: agent.pid, role: 'READER', state: 'ACTIVE' },
      ],
      dialogType: 'POST_SURVEY',
      channelType: 'MESSAGING',
      metaData: { appInstallId },
      creationTs: saidAt + 1000,
      metaDataLastUpdateTs: expect.any(Number),
    }
    const events = await eventsOf(scene, conversationId)
    expect(events).toEqual([
      {
        eventId: STARTED,
        outcome: 'SUCCEEDED',
        payload: {
          ...common,
          state: 'OPEN',
          lastQuestionId: 'csat',
          lastContentEventNotification: {
            originatorId: consumer.consumerId,
            originatorPId: consumer.consumerId,
            sequence: expect.any(Number),
            serverTimestamp: saidAt,
            event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Thanks, bye' },
            originatorClientProperties: clientProperties,
          },
          dialogs: [{ ...surveyDialog, state: 'OPEN' }, main],
        },
      },
      {
        eventId: ENDED,
        outcome: 'CODING_FAILURE',
        payload: {
          ...common,
          state: 'CLOSE',
          lastQuestionId: 'why',
          lastContentEventNotification: {
            originatorId: consumer.consumerId,
            originatorPId: consumer.consumerId,
            sequence: expect.any(Number),
            serverTimestamp: saidAt + 2000,
            event: { type: 'ContentEvent', contentType: 'text/plain', message: 'skip' },
            originatorClientProperties: clientProperties,
          },
          dialogs: [
            {
              ...surveyDialog,
              state: 'CLOSE',
              endTs: saidAt + 2000,
              closedBy: 'AGENT',
              closedCause: 'Completed',
            },
            main,
          ],
        },
      },
    ])
    for (const { eventId, payload } of events) {
      expect(findEvent(eventId)?.payload.safeParse(payload).error).toBeUndefined()
    }
  },
)

// The last one: its function is still asleep when it ends.
test('a slow function of the start does not delay the next question', async () => {
  const { url, clock, context, request } = server
  const other: Scene = { ...(await server.anotherAccount()), url, clock, context, request }
  await givenFunction(
    other,
    STARTED,
    `await new Promise((done) => setTimeout(done, 25000)); callback()`,
  )
  const { skillId } = await givenSurvey(other, { questions: [csat, why] })
  await using consumer = await openConsumerSocket(other, { clientProperties: CLIENT })
  const conversationId = await consumer.openConversation({ skillId })
  await serve(other, conversationId, skillId)
  await closeDialog(consumer, conversationId)
  const dialogId = await surveyDialogId(consumer, conversationId)
  await consumer.follow(dialogId)
  await consumer.message(dialogId, ({ text }) => text === csat.text)
  await consumer.say(dialogId, '3')
  const next = await consumer.message(dialogId, ({ text }) => text === why.text)
  expect(next.role).toBe('AGENT')
  // The function has not ended.
  expect(await eventsOf(other, conversationId)).toEqual([])
})
