import { createHash } from 'node:crypto'
import { ParleyError } from '#base/kernel'
import { commitChat, draftOf } from './change-chat.ts'
import type { ChatRoom } from './deps.ts'
import { countWaiting } from './repository.ts'
import { getChatSkill } from './skills.ts'
import type { ChatState } from './state.ts'
import { addLine } from './write-line.ts'

export interface ChatWish {
  skillId: string
  name?: string | undefined
  email?: string | undefined
  /** The first line. */
  text?: string | undefined
}

const CONSUMER_NAME = 'Visitor'
const TOKEN_BYTES = 32

/** A new chat waits in its skill's queue. The token is shown once: only its hash is kept. */
export async function startChat(
  room: ChatRoom,
  accountId: string,
  { skillId, name = CONSUMER_NAME, email, text }: ChatWish,
  address: string,
): Promise<{ token: string; state: ChatState }> {
  const settings = await room.settings.get(accountId)
  if (!settings.enabled) throw new ParleyError('chats_disabled', 'Live chat is switched off')
  const skill = await getChatSkill(room, accountId, skillId)
  room.starts.take(accountId, address, settings.startsPerMinute)
  if ((await countWaiting(room.store.db, accountId)) >= settings.mostWaiting) {
    throw new ParleyError('chat_queue_full', 'Too many chats are waiting', { retryAfterMs: 60_000 })
  }
  const at = room.clock.now()
  const token = room.ids.token(TOKEN_BYTES)
  const draft = draftOf(
    {
      chatId: room.ids.uuid(),
      stage: 'waiting',
      skillId: skill.skillId,
      skillName: skill.name,
      consumer: { name, ...(email !== undefined && { email }) },
      tokenHash: hashToken(token),
      startedAt: at,
      waitingSince: at,
      agents: [],
      nextSequence: 0,
      characters: 0,
    },
    at,
  )
  if (text !== undefined) addLine(draft, { by: 'CONSUMER', name, text })
  await commitChat(room, accountId, 0, draft)
  return { token, state: draft.state }
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
