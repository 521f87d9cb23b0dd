import type { CbotEventType } from '@parley/contract/events'
import { expect } from 'vitest'
import { type ConsumerSocket, givenIssuer } from '#testing'
import { FIRST_INPUTS, openConsumer, OTHER_INPUTS, setOffHours } from './scene.fixture.ts'
import {
  closeBy,
  closed,
  MINUTE_MS,
  normal,
  served,
  type Scenario,
  urgent,
} from './scenario.fixture.ts'

const opening =
  (options: { again?: boolean; offHours?: boolean }): Scenario =>
  async ({ scene, inputs, consumer }) => {
    if (options.again) {
      const first = await consumer.openConversation(inputs.request)
      await closeBy(consumer, first)
    }
    await setOffHours(scene, options.offHours ?? false)
    const conversationId = await consumer.openConversation(inputs.request)
    return {
      conversationId,
      by: 'consumer',
      general: {
        oldConvState: 'CLOSE',
        newConvState: 'OPEN',
        inOffHours: options.offHours ?? false,
      },
      section: { start: { firstConversation: !options.again } },
    }
  }

async function setTtr(consumer: ConsumerSocket, conversationId: string, ttrType: string) {
  const conversationField = { field: 'TTRField', ttrType }
  const answer = await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField,
  })
  if (answer.code !== 200) throw new Error(JSON.stringify(answer))
}

/** What consumers do by themselves. */
export const consumerScenarios = {
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS: opening({ offHours: true }),
  CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS: opening({ offHours: true, again: true }),
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME: opening({}),
  CONSUMER_OPEN_NEW_CONVERSATION: opening({ again: true }),

  async CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE(deps) {
    const { scene, consumer, inputs } = deps
    const { agent, conversationId: first } = await served(deps)
    await agent.say(first, 'Anything else?')
    await scene.clock.advance(30 * MINUTE_MS)
    const conversationId = await consumer.openConversation(inputs.request)
    return {
      conversationId,
      by: 'consumer',
      general: { oldConvState: 'CLOSE', newConvState: 'OPEN' },
      section: { start: { firstConversation: false } },
    }
  },

  async CONSUMER_END_CONVERSATION({ consumer, inputs }) {
    const conversationId = await consumer.openConversation(inputs.request)
    await closeBy(consumer, conversationId)
    const section = { end: { closeReason: 'CONSUMER' as const } }
    return { conversationId, by: 'consumer', general: closed, section }
  },

  async CONSUMER_ASKED_URGENT_RESPONSE_TIME({ consumer, inputs }) {
    const conversationId = await consumer.openConversation(inputs.request)
    await setTtr(consumer, conversationId, 'URGENT')
    const section = { ttr: { oldTtr: normal, newTtr: urgent } }
    return { conversationId, by: 'consumer', general: {}, section }
  },

  async CONSUMER_CANCELED_URGENT_RESPONSE_TIME({ consumer, inputs }) {
    const conversationId = await consumer.openConversation(inputs.request)
    await setTtr(consumer, conversationId, 'URGENT')
    await setTtr(consumer, conversationId, 'NORMAL')
    const section = { ttr: { oldTtr: urgent, newTtr: normal } }
    return { conversationId, by: 'consumer', general: {}, section }
  },

  async CONSUMER_SEND_MESSAGE_ON_OFFHOURS({ scene, consumer, inputs }) {
    const conversationId = await consumer.openConversation(inputs.request)
    await consumer.say(conversationId, 'In office hours')
    const effectiveTTR = scene.clock.now() + normal.value * 1000
    await setOffHours(scene, true)
    await scene.clock.advance(1000)
    await consumer.say(conversationId, 'In off-hours')
    const { now } = scene.clock
    return {
      conversationId,
      by: 'consumer',
      general: {
        inOffHours: true,
        lastMessageComposer: 'CONSUMER',
        lastMessageTs: now(),
        effectiveTTR,
      },
      section: { mid: { openedInOffHours: false }, idle: { lastConsumerMsgTs: now() } },
    }
  },

  /** The consumer signs in by another client, from elsewhere. */
  async CONSUMER_STEP_UP({ scene, consumer, inputs }) {
    const conversationId = await consumer.openConversation(inputs.request)
    const elsewhere = inputs === FIRST_INPUTS ? OTHER_INPUTS : FIRST_INPUTS
    const jwt = await (await givenIssuer(scene))('ada')
    const authenticated = await openConsumer(scene, elsewhere, jwt)
    const answer = await authenticated.request('StepUp', { jwt: consumer.jwt })
    if (answer.code !== 200) throw new Error(JSON.stringify(answer))
    const id = authenticated.consumerId
    const { clientProperties, localAddress: ipAddress } = elsewhere
    return {
      conversationId,
      by: 'consumer',
      general: {
        clientIpAdress: ipAddress,
        clientIpAddress: ipAddress,
        originatorId: id,
        originatorPid: id,
        originatorMetadata: {
          id,
          role: 'CONSUMER',
          clientProperties: { ...clientProperties, ipAddress, type: '.ClientProperties' },
        },
      },
      section: {
        participantChange: expect.objectContaining({
          newParticipants: expect.arrayContaining([{ id, role: 'CONSUMER' }]),
        }),
      },
    }
  },
} satisfies Partial<Record<CbotEventType, Scenario>>
