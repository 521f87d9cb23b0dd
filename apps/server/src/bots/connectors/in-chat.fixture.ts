import { login } from '@parley/client'
import type { ChatEntry, ConsumerChat } from '@parley/contract'
import { expect } from 'vitest'
import { call, type Scene } from '#testing'
import { type BotScene, givenBot } from './connectors.fixture.ts'

/** A live chat, as its consumer has it. */
export interface TestChat {
  token: string
  chatId: string
  say(text: string): Promise<void>
  types(): Promise<void>
  end(): Promise<void>
  view(): Promise<{ chat: ConsumerChat; entries: ChatEntry[] }>
  /** What the agent's side has said. */
  said(): Promise<string[]>
  /** Waits until that was said, and nothing else. */
  hears(...texts: string[]): Promise<void>
  /** Waits until an entry is so. */
  sees(like: object): Promise<void>
}

/** A person who serves chats over HTTP. */
export interface ChatPerson {
  userId: string
  ask(method: string, path: string, body?: object): Promise<{ status: number; text: string }>
  entries(chatId: string): Promise<ChatEntry[]>
}

export interface ChatBotScene extends BotScene {
  start(wish?: object): Promise<TestChat>
  /** Logs in a person with the escalation skill and these. */
  person(skillIds?: string[]): Promise<ChatPerson>
}

const PATIENCE = { timeout: 60_000, interval: 50 }

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

export async function startChat(
  scene: Pick<Scene, 'request' | 'accountId'>,
  wish: object,
): Promise<TestChat> {
  const chats = `/api/v1/accounts/${scene.accountId}/consumer/chats`
  const started = await scene.request('POST', chats, { body: wish })
  expect([started.status, started.text]).toEqual([201, expect.anything()])
  const { token, chat } = started.json<{ token: string; chat: ConsumerChat }>()
  const { chatId } = chat
  const ask = async (method: string, path: string, body?: object) => {
    const reply = await scene.request(method, `${chats}/${chatId}${path}`, { bearer: token, body })
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`)
    return reply
  }
  const view = async () =>
    (await ask('GET', '')).json<{ chat: ConsumerChat; entries: ChatEntry[] }>()
  const said = async () =>
    (await view()).entries.flatMap((entry) =>
      entry.type === 'line' && entry.by === 'AGENT' ? [entry.text] : [],
    )
  return {
    chatId,
    token,
    say: async (text) => void (await ask('POST', '/lines', { text })),
    types: async () => void (await ask('POST', '/typing', { typing: true })),
    end: async () => void (await ask('POST', '/end')),
    view,
    said,
    hears: async (...texts) => await expect.poll(said, PATIENCE).toEqual(texts),
    sees: async (like) =>
      await expect
        .poll(async () => (await view()).entries, PATIENCE)
        .toContainEqual(expect.objectContaining(like)),
  }
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
