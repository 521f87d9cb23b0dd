import { openEventSource } from '#testing'
import { strangerOpens } from './door-attacks-on-messaging.fixture.ts'
import { type Door, type DoorAttack, expectStatus, from, MANY, times } from './door.fixture.ts'

async function follow(
  { scene, open }: Door,
  path: string,
  more: Record<string, string> = {},
): Promise<Awaited<ReturnType<typeof openEventSource>>> {
  const headers = { authorization: `Bearer ${scene.adminBearer}`, ...more }
  const source = await openEventSource(
    `${scene.url}/api/v1/accounts/${scene.accountId}/${path}`,
    headers,
  )
  open.use(source)
  await source.until(({ event }) => event === 'ready')
  return source
}

export const openConversationsBesideAStream: DoorAttack = async (door) => {
  const source = await follow(door, 'updates?topics=conversations')
  for (const _ of times(MANY)) {
    const id = await strangerOpens(door)
    await source.until(({ json }) => json['id'] === id)
  }
  return 'full'
}

export const comeBackAfterMuch: DoorAttack = async (door) => {
  for (const _ of times(2)) {
    const gone = await follow(door, 'updates?topics=conversations')
    const { id: place = '' } = await gone.until(({ event }) => event === 'ready')
    gone[Symbol.dispose]()
    for (const __ of times(MANY / 2 + 1)) await strangerOpens(door)
    const back = await follow(door, 'updates?topics=conversations', { 'last-event-id': place })
    // Anything of the topic may have changed.
    await back.until(({ json }) => json['topic'] === 'conversations' && json['id'] === undefined)
  }
  return 'full'
}

const startChat = async ({ server, scene }: Door, n: number) => {
  const path = `/api/v1/accounts/${scene.accountId}/consumer/chats`
  const body = { skillId: '1001', name: 'x'.repeat(200), text: 'x'.repeat(2_000) }
  const reply = await server.request('POST', path, { body, headers: from(9_000 + n) })
  expectStatus(reply, 201)
  const { token, chat } = reply.json<{ token: string; chat: { chatId: string } }>()
  return { bearer: token, path: `${path}/${chat.chatId}`, chatId: chat.chatId }
}

const streamChats =
  (isEnding: boolean): DoorAttack =>
  async (door) => {
    const source = await follow(door, 'chat-events')
    for (const n of times(MANY)) {
      const { bearer, path, chatId } = await startChat(door, n + (isEnding ? MANY : 0))
      if (isEnding)
        expectStatus(await door.server.request('POST', `${path}/end`, { bearer }), 200, 204)
      await source.until(({ json }) => json['chatId'] === chatId)
    }
    return 'full'
  }
export const startChatsBesideAStream: DoorAttack = streamChats(false)
export const endChatsInTurn: DoorAttack = streamChats(true)
