import type { CbotEventType } from './cbot-event-type.ts'
import type { SamplePayload } from './event.ts'
import type { GeneralSection, Sections } from './messaging-payload.ts'

const AGENT = 'f9d58c57-c489-45f5-bae4-c5ebd52b3972'
const SECOND_AGENT = '0f2f6d0e-5d53-4a4c-8f0e-0a8d8b7f3c61'
const CONSUMER = 'f39fbc5f-da77-5417-8bc7-7584efdd1a5e'
const CONVERSATION = 'c840e51e-5f65-4ad4-8d34-5c82b99a2200'

const sections: Sections = {
  end: { closeReason: 'AGENT' },
  idle: {
    lastConsumerMsgTs: 1541152938069,
    agentNonResponsive: { time: 30, timeUnits: 'minutes' },
    consumserNonResponsive: { time: 30, timeUnits: 'minutes' },
    consumerNonResponsive: { time: 30, timeUnits: 'minutes' },
    convNotTakenTime: { time: 30, timeUnits: 'minutes' },
  },
  mid: { openedInOffHours: true },
  participantChange: {
    oldParticipants: [
      { id: CONSUMER, role: 'CONSUMER' },
      { id: AGENT, role: 'ASSIGNED_AGENT' },
    ],
    newParticipants: [
      { id: CONSUMER, role: 'CONSUMER' },
      { id: AGENT, role: 'ASSIGNED_AGENT' },
      { id: SECOND_AGENT, role: 'AGENT' },
    ],
  },
  routing: { oldSkillId: '563268', newSkillId: '563267' },
  start: { firstConversation: true },
  ttr: { oldTtr: { ttrType: 'NORMAL', value: 600 }, newTtr: { ttrType: 'URGENT', value: 300 } },
}

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
    campaignInfo: { id: 2327699812, engangementId: 2327699912, engagementId: 2327699912 },
    clientLanguage: 'en-US',
    clientFeatures: ['AUTO_MESSAGES', 'MULTI_DIALOG'],
    inOffHours: true,
    visitorId: 1528463744580,
    originatorId: 37607275.23,
    originatorPid: CONSUMER,
    originatorMetadata: { id: CONSUMER, role: 'CONTROLLER' },
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

/** Every section at once, as the published sample has it; a real event carries `general` and its own. */
export function messagingSample(type: CbotEventType): SamplePayload {
  return { headers: [], payload: { general: general(type), ...sections } }
}
