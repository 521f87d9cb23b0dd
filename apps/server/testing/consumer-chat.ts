import type { ChatEntry, ConsumerChat } from '@parley/contract'
import { expect } from 'vitest'
import type { Scene } from './scene.ts'

/** A live chat, as its consumer has it. */
export interface ConsumerChatTalk {
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

/** Starts a chat as a consumer; `wish` is the body of the request. */
export async function startChat(
  scene: Pick<Scene, 'request' | 'accountId'>,
  wish: object,
): Promise<ConsumerChatTalk> {
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
    hears: async (...texts) => await expect.poll(said).toEqual(texts),
    sees: async (like) =>
      await expect
        .poll(async () => (await view()).entries)
        .toContainEqual(expect.objectContaining(like)),
  }
}
