import type { CbotEventType, MessagingPayload } from '@parley/contract/events'
import { MESSAGING_EVENTS } from '@parley/contract/events'
import {
  type AgentSocket,
  call,
  type ConsumerSocket,
  givenFunction,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
} from '#testing'
import { payloadsOf } from './controller-bot.fixture.ts'

/** What a consumer says about itself and its conversation. Two of them have nothing in common. */
export interface Inputs {
  /** Where the consumer connects from. */
  localAddress: string
  clientProperties: { features: string[]; [name: string]: unknown }
  request: {
    skillId: string
    campaignInfo: { campaignId: string | number; engagementId: string | number }
    /** Ids come as text and as numbers. */
    conversationContext: {
      type: string
      lang: string
      visitorId: string
      sessionId: string | number
    }
  }
}

export const FIRST_INPUTS: Inputs = {
  localAddress: '127.0.0.1',
  clientProperties: { appId: 'webAsync', features: ['AUTO_MESSAGES', 'MULTI_DIALOG'] },
  request: {
    skillId: '1001',
    campaignInfo: { campaignId: 2327699812, engagementId: 2327699912 },
    conversationContext: {
      type: 'SharkContext',
      lang: 'en-US',
      visitorId: '1528463744580',
      sessionId: 1528463744581,
    },
  },
}

export const OTHER_INPUTS: Inputs = {
  // Elsewhere the loopback interface has only one address.
  localAddress: process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1',
  clientProperties: { appId: 'mobile', features: ['RICH_CONTENT'] },
  request: {
    skillId: '1002',
    campaignInfo: { campaignId: '0017', engagementId: '99' },
    conversationContext: {
      type: 'MobileAppContext',
      lang: 'de-DE',
      visitorId: 'hjMTk3ZTcwZm',
      sessionId: 'iGY4vsiETB-Zsyi7IGlIk1',
    },
  },
}

/** A function for each event of the Controller Bot, which sends nothing. */
export async function givenSilentFunctions(scene: Scene): Promise<void> {
  for (const { id } of MESSAGING_EVENTS) {
    await givenFunction(scene, id, `callback(null, { type: 'systemMessage', text: [] })`)
  }
}

export function setOffHours(scene: Scene, offHours: boolean): Promise<unknown> {
  const allDay = [{ from: '00:00', to: '24:00' }]
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  const week = offHours ? {} : Object.fromEntries(days.map((day) => [day, allDay]))
  return call(scene, 'PUT', 'calendars/account', { timeZone: 'UTC', week })
}

export function openConsumer(scene: Scene, inputs: Inputs, jwt?: string): Promise<ConsumerSocket> {
  const { clientProperties, localAddress } = inputs
  const client = { clientProperties, localAddress }
  return openConsumerSocket(scene, { ...client, ...(jwt !== undefined && { jwt }) })
}

export async function openAgent(scene: Scene, at = 0): Promise<AgentSocket> {
  const login = scene.agents[at]
  if (!login) throw new Error(`No agent ${at}`)
  const agent = await openAgentSocket(scene, login)
  await agent.goOnline()
  return agent
}

/** Waits until everything that has happened is handled, and reads the one payload of this kind. */
export async function payloadOf(
  scene: Scene,
  conversationId: string,
  type: CbotEventType,
): Promise<MessagingPayload> {
  await scene.clock.advance(0)
  const payloads = await payloadsOf(scene, conversationId, type)
  const [payload] = payloads
  if (!payload || payloads.length > 1) throw new Error(`${payloads.length} times ${type}`)
  return payload
}

/** Opens a conversation and waits until what follows from it is done. */
export async function openIn(
  scene: Scene,
  consumer: ConsumerSocket,
  skillId = '1001',
): Promise<string> {
  const conversationId = await consumer.openConversation({ skillId })
  await scene.clock.advance(0)
  return conversationId
}

export async function setUrgent(
  scene: Scene,
  consumer: ConsumerSocket,
  conversationId: string,
): Promise<void> {
  const conversationField = { field: 'TTRField', ttrType: 'URGENT' }
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  await scene.clock.advance(0)
}

/** What the Controller Bot has written, as another device of the consumer reads it. */
export async function automatic(
  consumer: ConsumerSocket,
  conversationId: string,
): Promise<string[]> {
  const answer = await consumer.request('ms.QueryMessages', {
    dialogId: conversationId,
    fromSeq: 0,
  })
  const records = answer.body as {
    event: { message: string }
    originatorMetadata: { role: string }
  }[]
  return records
    .filter(({ originatorMetadata }) => originatorMetadata.role === 'CONTROLLER')
    .map(({ event }) => event.message)
}
