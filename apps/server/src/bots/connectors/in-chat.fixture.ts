import { login } from '@parley/client'
import type { ChatEntry } from '@parley/contract'
import { call, type ConsumerChatTalk, type Scene, startChat } from '#testing'
import { type BotScene, givenBot } from './connectors.fixture.ts'

/** A person who serves chats over HTTP. */
export interface ChatPerson {
  userId: string
  ask(method: string, path: string, body?: object): Promise<{ status: number; text: string }>
  entries(chatId: string): Promise<ChatEntry[]>
}

export interface ChatBotScene extends BotScene {
  start(wish?: object): Promise<ConsumerChatTalk>
  /** Logs in a person with the escalation skill and these. */
  person(skillIds?: string[]): Promise<ChatPerson>
}

/** A bot that serves live chat only. */
export async function givenChatBot(
  scene: Scene,
  body: string,
  more: Parameters<typeof givenBot>[2] = {},
): Promise<ChatBotScene> {
  const bot = await givenBot(scene, body, async (fn) => ({
    channels: ['chat'],
    ...(typeof more === 'function' ? await more(fn) : more),
  }))
  return {
    ...bot,
    start: (wish) => startChat(scene, { skillId: bot.skillId, ...wish }),
    person: (skillIds = []) => logIn(scene, [bot.escalationId, ...skillIds]),
  }
}

/** Timers of the account's live chats that wait. */
export async function chatTimers(scene: Scene): Promise<string[]> {
  const { queues } = await call<{ queues: { name: string }[] }>(scene, 'GET', 'deliveries')
  return queues.map(({ name }) => name).filter((name) => name.endsWith('chat-silence'))
}

async function logIn(scene: Scene, skillIds: string[]): Promise<ChatPerson> {
  const [known] = scene.agents
  if (!known) throw new Error('No agent')
  const { bearer, userId } = await login(scene, known)
  await call(scene, 'PATCH', `users/${userId}`, { skillIds })
  const base = `/api/v1/accounts/${scene.accountId}`
  const ask: ChatPerson['ask'] = (method, path, body) =>
    scene.request(method, `${base}${path}`, { bearer, body })
  return {
    userId,
    ask,
    async entries(chatId) {
      const { text } = await ask('GET', `/chats/${chatId}`)
      return (JSON.parse(text) as { entries: ChatEntry[] }).entries
    },
  }
}
