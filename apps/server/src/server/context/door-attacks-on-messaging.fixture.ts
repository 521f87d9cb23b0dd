import { expect } from 'vitest'
import {
  type AgentSocket,
  call,
  givenSkill,
  type ConsumerSocket,
  openAgentSocket,
  openConsumerSocket,
} from '#testing'
import { type Door, type DoorAttack, from, MANY, times } from './door.fixture.ts'

/** Nearly as long as a frame may be. */
const ELEMENTS = Array.from({ length: 47 }, () => ({ type: 'text', text: 'x'.repeat(5_000) }))
const CARD = { type: 'RichContentEvent', content: { type: 'vertical', elements: ELEMENTS } }

const CLOSE = { field: 'ConversationStateField', conversationState: 'CLOSE' }

export async function openedBy(consumer: ConsumerSocket, body: object = {}): Promise<string> {
  const answer = await consumer.request('cm.ConsumerRequestConversation', body)
  if (answer.code !== 200) throw new Error(`Not opened: ${JSON.stringify(answer)}`)
  return (answer.body as { conversationId: string }).conversationId
}

async function closedBy(consumer: ConsumerSocket, conversationId: string): Promise<void> {
  const body = { conversationId, conversationField: [CLOSE] }
  const answer = await consumer.request('cm.UpdateConversationField', body)
  if (answer.code !== 200) throw new Error(`Not closed: ${JSON.stringify(answer)}`)
}

export async function strangerOpens(
  { scene }: Pick<Door, 'scene'>,
  body: object = {},
): Promise<string> {
  await using stranger = await openConsumerSocket(scene)
  const conversationId = await openedBy(stranger, body)
  await stranger.say(conversationId, 'Hello')
  return conversationId
}

export const strangersOpenConversations: DoorAttack = async (door) => {
  for (const _ of times(MANY)) await strangerOpens(door)
  return 'full'
}

export const strangersOpenConversationsAroundOne: DoorAttack = async (door) => {
  await using talker = await openConsumerSocket(door.scene)
  const conversationId = await talker.openConversation()
  const said = times(MANY).map((n) => `text ${n}`)
  for (const text of said) {
    await strangerOpens(door)
    await talker.say(conversationId, text)
  }
  const heard = () => talker.messages(conversationId).filter(({ role }) => role === 'CONSUMER')
  await talker.until(() => heard().length === said.length, 'every text')
  expect(heard().map(({ text }) => text)).toEqual(said)
  return 'full'
}

/** A socket that is told of conversations in these states. */
async function subscribed({ scene, open }: Door, convState: string[]): Promise<ConsumerSocket> {
  const consumer = open.use(await openConsumerSocket(scene))
  await consumer.request('cqm.SubscribeExConversations', { convState })
  return consumer
}

export const openConversationAfterConversation: DoorAttack = async (door) => {
  const consumer = await subscribed(door, ['OPEN', 'CLOSE'])
  for (const _ of times(MANY)) await closedBy(consumer, await openedBy(consumer))
  return 'full'
}

export const matchASubscriptionInTurn: DoorAttack = async (door) => {
  const consumer = await subscribed(door, ['OPEN'])
  const deleted = () =>
    consumer.notifications
      .flatMap(({ body }) => body.changes ?? [])
      .filter(({ type }) => type === 'DELETE')
  for (const _ of times(MANY)) await closedBy(consumer, await openedBy(consumer))
  await consumer.until(() => deleted().length === MANY, 'the end of each')
  return 'kept out'
}

/** An agent with these skills. */
async function agentOf({ scene, open }: Door, skillIds: string[]): Promise<AgentSocket> {
  const loginName = `agent-${crypto.randomUUID().slice(0, 8)}`
  const password = 'a long pass phrase'
  await call(scene, 'POST', 'users', { loginName, password, skillIds, maxSlots: 100 })
  return open.use(await openAgentSocket(scene, { user: loginName, password }))
}

/** An agent who is rung by everything in a skill of its own. */
async function busyAgent(door: Door): Promise<{ agent: AgentSocket; skillId: string }> {
  const skillId = await givenSkill(door.scene)
  return { agent: await agentOf(door, [skillId]), skillId }
}

export const ringOneAgent: DoorAttack = async (door) => {
  const { agent, skillId } = await busyAgent(door)
  await agent.goOnline()
  for (const _ of times(MANY)) await agent.ring(await strangerOpens(door, { skillId }))
  return 'full'
}

export const followDialogAfterDialog: DoorAttack = async (door) => {
  const { agent, skillId } = await busyAgent(door)
  await agent.goOnline()
  const first = door.open.use(await openConsumerSocket(door.scene))
  const conversationId = await openedBy(first, { skillId })
  await agent.accept(conversationId)
  for (const _ of times(MANY)) {
    const another = await strangerOpens(door, { skillId })
    await agent.accept(another)
    await agent.message(another, ({ text }) => text === 'Hello')
  }
  await first.say(conversationId, 'Still there?')
  await agent.message(conversationId, ({ text }) => text === 'Still there?')
  return 'full'
}

export const followOneAmongOthers: DoorAttack = async (door) => {
  const skillId = await givenSkill(door.scene)
  const watcher = await agentOf(door, [skillId])
  const talker = door.open.use(await openConsumerSocket(door.scene))
  const conversationId = await openedBy(talker, { skillId })
  await watcher.follow(conversationId)
  for (const n of times(MANY)) {
    await watcher.follow(await strangerOpens(door, { skillId }))
    await talker.say(conversationId, `text ${n}`)
    await watcher.message(conversationId, ({ text }) => text === `text ${n}`)
  }
  return 'full'
}

export const letRingsExpire: DoorAttack = async (shared) => {
  // Where nobody else may be rung.
  const door = { ...shared, scene: shared.scenes.at(-1) ?? shared.scene }
  const { agent, skillId } = await busyAgent(door)
  await agent.goOnline()
  for (const _ of times(MANY / 2)) {
    const conversationId = await strangerOpens(door, { skillId })
    const first = await agent.ring(conversationId)
    await door.server.clock.advance(72_000)
    await agent.ring(conversationId, new Set([first]))
  }
  return 'kept out'
}

export const sendBurstsFromManyAddresses: DoorAttack = async ({ scene }) => {
  for (const n of times(MANY)) {
    await using consumer = await openConsumerSocket(scene, { headers: from(8_000 + n) })
    await Promise.all(
      times(5).map(() => consumer.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })),
    )
  }
  return 'full'
}

async function publish(consumer: ConsumerSocket, dialogId: string, event: object): Promise<void> {
  const { code, body } = await consumer.request('ms.PublishEvent', { dialogId, event })
  if (code !== 200) throw new Error(`Not published: ${code} ${JSON.stringify(body)}`)
}

export const sendCardsAndWordsInTurn: DoorAttack = async ({ scene, open }) => {
  const talks: { consumer: ConsumerSocket; conversationId: string }[] = []
  for (const _ of times(MANY / 2 + 1)) {
    const consumer = open.use(await openConsumerSocket(scene))
    talks.push({ consumer, conversationId: await openedBy(consumer) })
  }
  const word = { type: 'ContentEvent', contentType: 'text/plain', message: 'short' }
  for (const event of [CARD, word, CARD]) {
    for (const { consumer, conversationId } of talks) await publish(consumer, conversationId, event)
  }
  return 'full'
}
