import type { Chat, ChatStage } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { ChatDeps } from './deps.ts'
import type { Reader } from '#messaging/reading'
import { whereMaySeeChat } from './chat-sight.ts'
import { listStoredChats } from './repository.ts'
import { agentView } from './views.ts'

export interface ChatQuery {
  stage: ChatStage
  skillId?: string | undefined
  agentId?: string | undefined
  limit: number
  after?: string | undefined
}

/** One page of the chats that the reader may see. */
export async function listChats(
  { store, clock }: ChatDeps,
  accountId: string,
  reader: Reader,
  { after, ...filter }: ChatQuery,
): Promise<{ chats: Chat[]; next?: string }> {
  const place = after === undefined ? undefined : readCursor(after)
  const states = await listStoredChats(store.db, accountId, whereMaySeeChat(reader), {
    ...filter,
    after: place,
  })
  const last = states.length === filter.limit ? states.at(-1) : undefined
  const chats = states.map((state) => agentView(state, clock.now()))
  return { chats, ...(last && { next: `${last.startedAt}.${last.chatId}` }) }
}

function readCursor(after: string): { at: number; chatId: string } {
  const [, at, chatId] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(after) ?? []
  if (at !== undefined && chatId !== undefined) return { at: Number(at), chatId }
  throw new ParleyError('invalid_request', 'query.after: must be the `next` of an earlier page')
}
