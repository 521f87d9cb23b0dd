import {
  acceptChat,
  type BoardConversation,
  endChat,
  getCaller,
  joinChat,
  routeConversation,
  transferChat,
} from '@parley/contract'
import { ask } from '../api/server.ts'
import type { OrderKind } from './words.ts'

interface Order {
  kind: OrderKind
  agentId: string
  skillId: string
}

/** Live chats are joined, go to the queue or the agent that they are given to, or end. */
export const CHAT_ORDERS: readonly OrderKind[] = ['take', 'join', 'agent', 'skill', 'close']

/** Does what a supervisor orders, by the operations that everybody else uses. */
export async function giveOrder(
  accountId: string,
  { channel, id }: BoardConversation,
  order: Order,
): Promise<void> {
  if (channel === 'chat') return orderChat(accountId, id, order)
  const body = bodyOf(order)
  await ask(accountId, routeConversation, { params: { conversationId: id }, body })
}

function bodyOf({ kind, agentId, skillId }: Order) {
  if (kind === 'agent') return { action: kind, agentId }
  return kind === 'skill' ? { action: kind, skillId } : { action: kind }
}

async function orderChat(accountId: string, chatId: string, order: Order): Promise<void> {
  const params = { chatId }
  if (order.kind === 'close') {
    await ask(accountId, endChat, { params })
    return
  }
  if (order.kind === 'join') {
    await ask(accountId, joinChat, { params })
    return
  }
  const to =
    order.kind === 'take'
      ? { agentId: (await ask(accountId, getCaller)).id }
      : order.kind === 'agent'
        ? { agentId: order.agentId }
        : { skillId: order.skillId }
  await ask(accountId, transferChat, { params, body: to })
  if (order.kind === 'take') await ask(accountId, acceptChat, { params })
}
