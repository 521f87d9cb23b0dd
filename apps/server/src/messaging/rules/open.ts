import {
  type CampaignInfo,
  type ClientProperties,
  type ConversationContext,
  type ConversationState,
  NO_SKILL,
  type Participant,
  type Ttr,
} from '@parley/contract'
import { type Decision, note } from './decision.ts'
import { refreshEffectiveTtr } from './time-to-respond.ts'

export interface Opening {
  conversationId: string
  consumerId: string
  authenticated: boolean
  skillId?: string | undefined
  ttr: Ttr
  offHours: boolean
  delay: ConversationState['delay']
  controller: { userId: string; pid: string }
  firstConversation: boolean
  previous?: { endAt: number; autoClosed: boolean } | undefined
  context?: ConversationContext | undefined
  clientProperties?: ClientProperties | undefined
  campaignInfo?: CampaignInfo | undefined
  clientIp?: string | undefined
  connectorId?: string | undefined
}

/** A conversation begins with MAIN, in which the consumer and the Controller Bot are from the start. */
export function openConversation(at: number, opening: Opening): Decision {
  const { conversationId, consumerId, controller } = opening
  const consumer: Participant = {
    userId: consumerId,
    pid: consumerId,
    role: 'CONSUMER',
    state: 'ACTIVE',
  }
  const state: ConversationState = {
    conversationId,
    consumerId,
    formerConsumerIds: [],
    authenticated: opening.authenticated,
    skillId: opening.skillId ?? NO_SKILL,
    state: 'OPEN',
    stage: 'OPEN',
    startedAt: at,
    updatedAt: at,
    firstConversation: opening.firstConversation,
    openedOffHours: opening.offHours,
    ttr: opening.ttr,
    effectiveTtr: -1,
    dialogs: [
      {
        dialogId: conversationId,
        type: 'MAIN',
        state: 'OPEN',
        openedAt: at,
        updatedAt: at,
        participants: [consumer, { ...controller, role: 'CONTROLLER', state: 'ACTIVE' }],
        nextSequence: 0,
      },
    ],
    waitingSince: at,
    rings: [],
    refusals: {},
    transferred: false,
    idle: {},
    timers: {},
    moves: [],
    ...(opening.delay && { delay: opening.delay }),
    ...(opening.context && { context: opening.context }),
    ...(opening.clientProperties && { clientProperties: opening.clientProperties }),
    ...(opening.campaignInfo && { campaignInfo: opening.campaignInfo }),
    ...(opening.clientIp && { clientIp: opening.clientIp }),
    ...(opening.connectorId !== undefined && { connectorId: opening.connectorId }),
  }
  refreshEffectiveTtr(state)
  const decision: Decision = { at, state, messages: [], changes: [] }
  note(
    decision,
    {
      kind: 'opened',
      firstConversation: opening.firstConversation,
      ...(opening.previous && { previous: opening.previous }),
    },
    { userId: consumerId, pid: consumerId, role: 'CONSUMER' },
  )
  return decision
}
