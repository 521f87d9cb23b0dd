import type { SamplePayload } from './event.ts'
import { sampleClientProperties } from './sample-client-properties.ts'
import type { SurveyPayload } from './survey-payload.ts'

const CONSUMER = '49b673cb7d08168a9f14640346340237054482174d65ff8c70e0f4d0d9bfa911'
const AGENT = 'f9d58c57-c489-45f5-bae4-c5ebd52b3972'
const CONVERSATION = 'fb84c76d-0daa-46c7-b02d-eb6130c022c1'

const payload: SurveyPayload = {
  conversationId: CONVERSATION,
  accountId: '12345678',
  surveyId: 3387141511,
  surveyRevision: 2,
  skillId: '563267',
  effectiveTTR: 1528464044687,
  lastContentEventNotification: {
    originatorId: '37607275.2261571',
    originatorPId: 'f39fbc5f-da77-5417-8bc7-7584efdd1a5e',
    sequence: 1,
    serverTimestamp: 1528463781807,
    event: {
      contentType: 'text/plain',
      message: 'We are closed at the moment. An agent will answer tomorrow morning.',
      type: 'ContentEvent',
    },
    originatorClientProperties: sampleClientProperties,
  },
  campaignInfo: { campaignId: 2451931211, engagementId: 2451931311 },
  closeReason: 'CONSUMER',
  context: {
    clientProperties: sampleClientProperties,
    interactionContextId: '5',
    lang: 'en-US',
    sessionId: 'iGY4vsiETB-Zsyi7IGlIk1',
    type: 'SharkContext',
    visitorId: 'hjMTk3ZTcwZmFhZjc3NDk2',
  },
  dialogs: [
    {
      dialogId: 'efSg0XbnTkmg8OXaSyaz81',
      participantsDetails: [{ id: CONSUMER, role: 'CONSUMER', state: 'ACTIVE' }],
      dialogType: 'POST_SURVEY',
      channelType: 'MESSAGING',
      metaData: { appInstallId: '829d951a-777e-46a3-98db-c06214e3f401' },
      state: 'OPEN',
      creationTs: 1551702854131,
      metaDataLastUpdateTs: 1551702854131,
    },
    {
      dialogId: CONVERSATION,
      participantsDetails: [{ id: CONSUMER, role: 'CONSUMER', state: 'ACTIVE' }],
      dialogType: 'MAIN',
      channelType: 'MESSAGING',
      state: 'CLOSE',
      creationTs: 1551702813391,
      endTs: 1551702854131,
      metaDataLastUpdateTs: 1551702854131,
      closedBy: 'CONSUMER',
      closedCause: 'Closed by consumer',
    },
  ],
  firstConversation: true,
  participants: [
    { id: AGENT, role: 'ASSIGNED_AGENT' },
    { id: AGENT, role: 'AGENT' },
  ],
  state: 'OPEN',
  startTs: 1528463744663,
  ttr: { ttrType: 'URGENT', value: 300 },
  lastQuestionId: '2741eea2-e184-4cd4-abbe-e8f6e1d26681',
}

/** The sample of both survey events. */
export const surveySample: SamplePayload = { headers: [], payload }
