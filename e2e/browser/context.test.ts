import { call, givenFunction, startTestServer, type TestServer } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { openStage } from './stage.fixture.ts'

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer()
  if (hasBrowser) browser = await openBrowser()
})
afterAll(async () => {
  if (hasBrowser) await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Says what it was given, and sets an attribute of the visit that the payload names. */
const TELLS_ALL = `
  const { Toolbelt } = require('lp-faas-toolbelt')
  const { general } = input.payload
  await Toolbelt.SDEUtil().addSDEs([{ type: 'lead', lead: { topic: 'gardens' } }], general.visitorId, general.sessionId)
  callback(null, { type: 'systemMessage', text: JSON.stringify(general) })`

test.skipIf(!hasBrowser)(
  'functions learn from the page where a conversation comes from, and set attributes of the visit',
  async () => {
    await using stage = await openStage(server, browser, {
      embedded: true,
      query: { language: 'en-GB', campaign: '2327699812', engagement: '2327699912' },
      before: (scene) =>
        givenFunction(scene, 'controllerbot_messaging_new_conversation', TELLS_ALL),
    })
    const { page, write, accept, agent } = stage
    const open = () => page.getByRole('button', { name: 'Open messages' }).click()
    const told = async (conversationId: string) => {
      const { text } = await agent.message(
        conversationId,
        (one) => one.text?.startsWith('{') === true,
      )
      return JSON.parse(text ?? '') as Record<string, unknown>
    }
    await open()
    await write('Where do I come from?')
    const conversationId = await accept()

    const general = await told(conversationId)
    expect(general).toMatchObject({
      contexttype: 'SharkContext',
      clientLanguage: 'en-GB',
      clientFeatures: expect.arrayContaining(['AUTO_MESSAGES', 'QUICK_REPLIES', 'RICH_CONTENT']),
      campaignInfo: { campaignId: 2_327_699_812, engagementId: 2_327_699_912 },
      visitorId: expect.stringMatching(/^[0-9a-f]{32}$/),
      sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
      clientIpAdress: '127.0.0.1',
      originatorMetadata: {
        role: 'CONSUMER',
        clientProperties: {
          type: '.ClientProperties',
          appId: 'parley-consumer',
          deviceFamily: 'DESKTOP',
          os: 'LINUX',
          integration: 'WEB_SDK',
          browser: 'CHROME',
          browserVersion: expect.stringMatching(/^\d+\./),
          timeZone: expect.any(String),
        },
      },
    })
    expect(agent.details(conversationId).context).toMatchObject({ interactionContextId: '1' })
    const consumerId = agent.details(conversationId).participantsPId.CONSUMER[0]
    const profile = await agent.request('.ams.userprofile.GetUserProfile', consumerId)
    expect(JSON.stringify(profile.body)).toContain('gardens')

    // The same visit of the same browser, on its next page.
    await page.reload()
    await open()
    await page.getByText('Where do I come from?').waitFor()
    await agent.update(conversationId, {
      field: 'ConversationStateField',
      conversationState: 'CLOSE',
    })
    await page.getByRole('button', { name: 'Start a new conversation' }).click()
    await write('And now?')
    const next = await accept()
    expect(next).not.toBe(conversationId)
    const { visitorId, sessionId } = general
    expect(await told(next)).toMatchObject({ visitorId, sessionId })
    expect(agent.details(next).context).toMatchObject({ interactionContextId: '2' })
  },
)

test.skipIf(!hasBrowser)(
  'functions of surveys learn from the page where they come from',
  async () => {
    await using stage = await openStage(server, browser, {
      query: { language: 'de-DE', campaign: '2451931211', engagement: '2451931311' },
      before: async (scene) => {
        const { surveyId } = await call<{ surveyId: number }>(scene, 'POST', 'surveys', {
          name: 'After service',
          greeting: 'Eine Frage',
          thankYou: 'Danke',
          fallback: 'Bitte wählen Sie',
          questions: [{ id: 'csat', kind: 'CSAT', text: 'Zufrieden?' }],
        })
        await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [scene.skillIds[0]] })
        // The consumer has the last word.
        await call(scene, 'PUT', 'automatic-messages/CONSUMER_END_CONVERSATION', { active: false })
        await givenFunction(scene, 'surveybot_messaging_survey_started', "callback(null, 'ok')")
      },
    })
    const { page, agent, write, accept, scene } = stage
    await write('Hallo')
    const conversationId = await accept()
    await agent.say(conversationId, 'Guten Tag')
    await page.getByText('Guten Tag').waitFor()
    await write('Auf Wiedersehen')
    await page.getByRole('button', { name: 'Mehr' }).click()
    await page.getByRole('button', { name: 'Unterhaltung beenden' }).click()
    await page.getByRole('button', { name: 'Ja, beenden' }).click()
    await page.getByText('Zufrieden?').waitFor()

    const payloads = async () => {
      const path = `invocations?conversationId=${conversationId}`
      const found = await call<{ invocations: { input?: { payload: object } }[] }>(
        scene,
        'GET',
        path,
      )
      return found.invocations.map(({ input }) => input?.payload)
    }
    await expect.poll(async () => (await payloads()).length).toBe(1)
    const clientProperties = expect.objectContaining({
      type: '.ClientProperties',
      appId: 'parley-consumer',
      ipAddress: '127.0.0.1',
      deviceFamily: 'DESKTOP',
      os: 'LINUX',
      integration: 'WEB_SDK',
      browser: 'CHROME',
      features: expect.arrayContaining(['QUICK_REPLIES', 'MULTI_DIALOG', 'RICH_CONTENT']),
    })
    expect((await payloads())[0]).toMatchObject({
      conversationId,
      campaignInfo: { campaignId: 2_451_931_211, engagementId: 2_451_931_311 },
      context: {
        type: 'SharkContext',
        lang: 'de-DE',
        interactionContextId: '1',
        sessionId: expect.any(String),
        visitorId: expect.any(String),
        clientProperties,
      },
      lastContentEventNotification: {
        event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Auf Wiedersehen' },
        originatorClientProperties: clientProperties,
      },
    })
  },
)
