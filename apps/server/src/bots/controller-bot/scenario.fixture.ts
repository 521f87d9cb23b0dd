import type { IdleType } from '@parley/contract'
import type { MessagingPayload } from '@parley/contract/events'
import { type AgentSocket, type ConsumerSocket, type Scene } from '#testing'
import { FIRST_INPUTS, type Inputs, OTHER_INPUTS } from './scene.fixture.ts'

export const MINUTE_MS = 60_000

export type Timings = Record<IdleType, { time: number; timeUnits: 'seconds' | 'minutes' }>

/** What a consumer says about itself, how the payload repeats it, and the idle times of the account. */
export const variants = [
  {
    inputs: FIRST_INPUTS,
    repeated: {
      sessionId: 1528463744581,
      visitorId: 1528463744580,
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
    },
    timings: {
      CONV_AWAITING_IN_QUEUE: { time: 90, timeUnits: 'seconds' },
      AGENT_NON_RESPONSIVE: { time: 7, timeUnits: 'minutes' },
      CONSUMER_NON_RESPONSIVE: { time: 3, timeUnits: 'minutes' },
    },
  },
  {
    inputs: OTHER_INPUTS,
    repeated: {
      sessionId: 'iGY4vsiETB-Zsyi7IGlIk1',
      visitorId: 'hjMTk3ZTcwZm',
      contexttype: 'MobileAppContext',
      contextType: 'MobileAppContext',
      messagingChannel: 'MobileAppContext',
      campaignInfo: { id: '0017', campaignId: '0017', engangementId: 99, engagementId: 99 },
      clientLanguage: 'de-DE',
      clientFeatures: ['RICH_CONTENT'],
    },
    timings: {
      CONV_AWAITING_IN_QUEUE: { time: 2, timeUnits: 'minutes' },
      AGENT_NON_RESPONSIVE: { time: 45, timeUnits: 'seconds' },
      CONSUMER_NON_RESPONSIVE: { time: 100, timeUnits: 'seconds' },
    },
  },
] satisfies { inputs: Inputs; repeated: object; timings: Timings }[]

export interface ScenarioDeps {
  scene: Scene
  inputs: Inputs
  timings: Timings
  consumer: ConsumerSocket
  /** Logs an agent in until the scenario is over. */
  agent(at?: number): Promise<AgentSocket>
}

/** What is expected: the kind's own fields of `general`, who caused it, and the sections that it fills. */
export interface Expected {
  conversationId: string
  by: 'consumer' | 'controller' | AgentSocket
  /** Of an agent; the assigned one unless given. */
  role?: string
  general: object
  section: Partial<MessagingPayload>
}

export type Scenario = (deps: ScenarioDeps) => Promise<Expected>

export const normal = { ttrType: 'NORMAL', value: 3600 }
export const urgent = { ttrType: 'URGENT', value: 300 }

/** Opens a conversation that an agent takes. */
export async function served({ scene, consumer, inputs, ...deps }: ScenarioDeps) {
  const agent = await deps.agent()
  const conversationId = await consumer.openConversation(inputs.request)
  await agent.accept(conversationId)
  await scene.clock.advance(0)
  return { agent, conversationId }
}

/** The Controller Bot of the account. */
export function controllerOf({ context, accountId }: Scene): { userId: string; pid: string } {
  return context.accounts.controllerBot(accountId)
}

export async function closeBy(who: ConsumerSocket, conversationId: string): Promise<void> {
  await who.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  })
}

/** What the end of a conversation changes. */
export const closed = { oldConvState: 'OPEN', newConvState: 'CLOSE', effectiveTTR: -1 }
