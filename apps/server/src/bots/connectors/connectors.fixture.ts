import { login } from '@parley/client'
import type { BotError, Connector, User } from '@parley/contract'
import {
  type AgentSocket,
  call,
  type ConsumerSocket,
  givenSkill,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
} from '#testing'

export const PREFIX = 'com.liveperson.bot-connectors-worker.error.'

/** A bot in a skill of its own, and the skill that it escalates to. */
export interface BotScene {
  scene: Scene
  connectorId: string
  skillId: string
  escalationId: string
  escalationName: string
  /** Deploys a function with this body; resolves with its id. */
  fn(body: string): Promise<string>
  /** A consumer with a conversation in the bot's skill. */
  consumer(): Promise<{ consumer: ConsumerSocket; conversationId: string }>
  /** An agent of the escalation skill and these, online. */
  agent(skillIds?: string[]): Promise<AgentSocket>
  errors(query?: string): Promise<BotError[]>
}

/** Deploys a function with this body. */
export function deploy(scene: Scene, body: string): Promise<string> {
  return lambdasOf(scene).deployed(`async function lambda(input, callback) {\n${body}\n}`)
}

/** What a connector is made of, unless a test says otherwise. */
export function draftOf(
  functionId: string,
  skillId: string,
  escalationId: string,
  more: object = {},
): object {
  return {
    name: 'Robo',
    skillIds: [skillId],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    vendor: { kind: 'function', functionId },
    escalation: {
      skillId: escalationId,
      messageToCustomer: 'A human will help you',
      messageToAgent: 'The bot gave up',
      transferFailureMessage: 'Nobody can help you now',
    },
    ...more,
  }
}

/** A bot that answers with this body of a function, online. */
export async function givenBot(
  scene: Scene,
  body: string,
  more: object | ((fn: (body: string) => Promise<string>) => Promise<object>) = {},
): Promise<BotScene> {
  const skillId = await givenSkill(scene)
  const escalationId = await givenSkill(scene)
  const { skills } = await call<{ skills: { skillId: string; name: string }[] }>(
    scene,
    'GET',
    'skills',
  )
  const escalationName = skills.find((skill) => skill.skillId === escalationId)?.name ?? ''
  const fn = (code: string) => deploy(scene, code)
  const given = typeof more === 'function' ? await more(fn) : more
  // A bot that answers its test, then the one that is wanted.
  const functionId = await fn(`callback(null, { messages: ['ok'] })`)
  const { connectorId } = await call<Connector>(
    scene,
    'POST',
    'connectors',
    draftOf(functionId, skillId, escalationId, given),
  )
  await call(scene, 'PUT', `connectors/${connectorId}/state`, { state: 'online' })
  const vendor = { kind: 'function', functionId: await fn(body) }
  await call(scene, 'PATCH', `connectors/${connectorId}`, { vendor })
  return {
    scene,
    connectorId,
    skillId,
    escalationId,
    escalationName,
    fn,
    async consumer() {
      const clientProperties = { features: ['MULTI_DIALOG', 'QUICK_REPLIES'] }
      const consumer = await openConsumerSocket(scene, { clientProperties })
      return { consumer, conversationId: await consumer.openConversation({ skillId }) }
    },
    async agent(skillIds = []) {
      const [known] = scene.agents
      if (!known) throw new Error('No agent')
      const session = await login(scene, known)
      await call(scene, 'PATCH', `users/${session.userId}`, {
        skillIds: [escalationId, ...skillIds],
      })
      const agent = await openAgentSocket(scene, { ...session, pid: session.pid ?? '' })
      await agent.goOnline()
      return agent
    },
    async errors(query = '') {
      const path = `connectors/${connectorId}/errors?${query}`
      return (await call<{ errors: BotError[] }>(scene, 'GET', path)).errors
    },
  }
}

/** What an agent's side has said, as this socket was told. */
export function said(socket: ConsumerSocket | AgentSocket, conversationId: string) {
  return socket
    .messages(conversationId)
    .filter(({ role, text }) => role === 'ASSIGNED_AGENT' && text !== undefined)
    .map(({ text }) => text)
}

/** A conversation whose bot is being asked. */
export interface Talk {
  scene: Scene
  escalationId: string
  consumer: ConsumerSocket
  conversationId: string
}

/** The consumer closes the conversation. */
export async function closes({ consumer, conversationId }: Talk): Promise<void> {
  const conversationField = [{ field: 'ConversationStateField', conversationState: 'CLOSE' }]
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
}
/** A manager gives the conversation to another skill. */
export async function takesAway({ scene, escalationId, conversationId }: Talk): Promise<void> {
  const [, known] = scene.agents
  if (!known) throw new Error('No manager')
  const { users } = await call<{ users: User[] }>(scene, 'GET', 'users')
  const userId = users.find(({ loginName }) => loginName === known.user)?.userId
  await call(scene, 'PATCH', `users/${userId}`, { role: 'agent-manager' })
  await using manager = await openAgentSocket(scene, known)
  await manager.update(
    conversationId,
    { field: 'Skill', type: 'UPDATE', skill: escalationId },
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
  )
}
