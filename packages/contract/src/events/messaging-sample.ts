import type { SamplePayload } from './event.ts'
import { type CbotEventType, MESSAGING_EVENTS } from './messaging-events.ts'
import type { GeneralSection } from './messaging-payload.ts'
import { sampleClientProperties } from './sample-client-properties.ts'

const CONSUMER = 'f39fbc5f-da77-5417-8bc7-7584efdd1a5e'
const CONVERSATION = 'c840e51e-5f65-4ad4-8d34-5c82b99a2200'

function general(cbotEventType: CbotEventType): GeneralSection {
  return {
    cbotEventType,
    type: 'UPSERT',
    convId: CONVERSATION,
    dialogId: CONVERSATION,
    sessionId: 1528463744580,
    startTs: 1528463744663,
    effectiveTTR: 1528464044687,
    oldConvState: 'CLOSE',
    newConvState: 'OPEN',
    contexttype: 'SharkContext',
    contextType: 'SharkContext',
    messagingChannel: 'SharkContext',
    campaignInfo: {
      id: 2327699812,
      campaignId: 2327699812,
      engangementId: 2327699912,
      engagementId: 2327699912,
    },
    clientLanguage: 'en-US',
    clientFeatures: ['AUTO_MESSAGES', 'MULTI_DIALOG'],
    inOffHours: true,
    visitorId: 1528463744580,
    originatorId: '37607275.2261571',
    originatorPid: CONSUMER,
    originatorMetadata: {
      id: CONSUMER,
      role: 'CONTROLLER',
      clientProperties: sampleClientProperties,
    },
    serverTimestamp: 1528463781807,
    clientIpAdress: '172.26.138.38',
    clientIpAddress: '172.26.138.38',
    manualETTR: '1541152938069',
    lastMessageComposer: 'CONSUMER',
    lastMessageTs: 1541152938069,
    lastAgentMsgTs: 1541152938069,
    backToQueueTs: 1541152938069,
  }
}

/** Every section, in the order of their names, as the published sample has it. */
export function messagingSample(type: CbotEventType): SamplePayload {
  const sections = MESSAGING_EVENTS.flatMap((event) => event.section ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, sample }) => [name, sample])
  return { headers: [], payload: { general: general(type), ...Object.fromEntries(sections) } }
}
