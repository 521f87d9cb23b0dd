import type { IdleType } from '@parley/contract'
import type { CbotEventType, MessagingPayload } from '@parley/contract/events'
import {
  closed,
  MINUTE_MS,
  normal,
  served,
  type Scenario,
  type Timings,
} from './scenario.fixture.ts'

/** What happens because time passes. */
export const timeScenarios = {
  async SYSTEM_END_CONVERSATION(deps) {
    const { scene } = deps
    const { agent, conversationId } = await served(deps)
    const saidAt = scene.clock.now()
    await agent.say(conversationId, 'Anything else?')
    await scene.clock.advance(25 * MINUTE_MS)
    return {
      conversationId,
      by: 'controller',
      general: {
        ...closed,
        lastMessageComposer: 'ASSIGNED_AGENT',
        lastMessageTs: saidAt,
        lastAgentMsgTs: saidAt,
        serverTimestamp: saidAt + 25 * MINUTE_MS,
      },
      section: { end: { closeReason: 'SYSTEM' } },
    }
  },

  async CONV_AWAITING_IN_QUEUE({ scene, consumer, inputs, timings }) {
    const conversationId = await consumer.openConversation(inputs.request)
    const openedAt = scene.clock.now()
    await scene.clock.advance(10 * MINUTE_MS)
    const after = msOf(timings.CONV_AWAITING_IN_QUEUE)
    return {
      conversationId,
      by: 'controller',
      general: { serverTimestamp: openedAt + after },
      section: { idle: idle(timings) },
    }
  },

  async AGENT_NON_RESPONSIVE(deps) {
    const { scene, consumer, timings } = deps
    const { conversationId } = await served(deps)
    await consumer.say(conversationId, 'Anybody there?')
    const saidAt = scene.clock.now()
    await scene.clock.advance(10 * MINUTE_MS)
    return {
      conversationId,
      by: 'controller',
      general: {
        serverTimestamp: saidAt + msOf(timings.AGENT_NON_RESPONSIVE),
        lastMessageComposer: 'CONSUMER',
        lastMessageTs: saidAt,
        effectiveTTR: saidAt + normal.value * 1000,
      },
      section: { idle: { lastConsumerMsgTs: saidAt, ...idle(timings) } },
    }
  },

  async CONSUMER_NON_RESPONSIVE(deps) {
    const { scene, consumer, timings } = deps
    const { agent, conversationId } = await served(deps)
    await consumer.say(conversationId, 'Hello')
    const consumerAt = scene.clock.now()
    await scene.clock.advance(1000)
    await agent.say(conversationId, 'What is your order number?')
    const agentAt = scene.clock.now()
    await scene.clock.advance(10 * MINUTE_MS)
    return {
      conversationId,
      by: 'controller',
      general: {
        serverTimestamp: agentAt + msOf(timings.CONSUMER_NON_RESPONSIVE),
        lastMessageComposer: 'ASSIGNED_AGENT',
        lastMessageTs: agentAt,
        effectiveTTR: consumerAt + normal.value * 1000,
        lastAgentMsgTs: agentAt,
      },
      section: { idle: { lastConsumerMsgTs: consumerAt, ...idle(timings) } },
    }
  },
} satisfies Partial<Record<CbotEventType, Scenario>>

function msOf({ time, timeUnits }: Timings[IdleType]): number {
  return time * (timeUnits === 'minutes' ? MINUTE_MS : 1000)
}

function idle(timings: Timings): NonNullable<MessagingPayload['idle']> {
  return {
    agentNonResponsive: timings.AGENT_NON_RESPONSIVE,
    consumserNonResponsive: timings.CONSUMER_NON_RESPONSIVE,
    consumerNonResponsive: timings.CONSUMER_NON_RESPONSIVE,
    convNotTakenTime: timings.CONV_AWAITING_IN_QUEUE,
  }
}
