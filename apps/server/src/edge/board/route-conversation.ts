import type { ConversationState, routeConversation as spec } from '@parley/contract'
import type * as z from 'zod'
import type { Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { FieldChange } from '#messaging/conversations'
import { findParticipant, mainDialog } from '#messaging/rules'
import type { BoardDeps } from './deps.ts'

type Order = z.output<typeof spec.body>

const ASSIGNED = { field: 'participants', role: 'ASSIGNED_AGENT' } as const
const BESIDE = { field: 'participants', role: 'MANAGER' } as const
/** What only somebody can do who is there then. */
const IN_PERSON = new Set<Order['action']>(['take', 'join', 'leave'])

/** Does what a supervisor orders, in one commit. Who has the conversation leaves it, and is not asked again at once. */
export async function routeConversation(
  { reading, conversations }: BoardDeps,
  accountId: string,
  principal: Principal,
  conversationId: string,
  order: Order,
): Promise<z.output<typeof spec.reply>> {
  if (IN_PERSON.has(order.action) && principal.kind !== 'user') {
    throw new ParleyError(
      'forbidden',
      `Only a user of the account can ${order.action} a conversation`,
    )
  }
  const reader = await reading.readerOf(principal)
  const before = await reading.getConversation(accountId, reader, conversationId)
  const fields = fieldsOf(before, order, principal.id)
  const after =
    fields.length === 0
      ? before
      : await conversations.updateConversation(accountId, reader, before.conversationId, fields)
  const { state, skillId, assignedAgentId } = after
  return {
    conversationId: after.conversationId,
    state,
    skillId,
    ...(assignedAgentId !== undefined && { assignedAgentId }),
  }
}

/** Nothing where it is so already. */
function fieldsOf(state: ConversationState, order: Order, userId: string): FieldChange[] {
  const { assignedAgentId, skillId, suggestion, ttr } = state
  const without = (agentId: string | undefined): FieldChange[] =>
    agentId === undefined ? [] : [{ ...ASSIGNED, type: 'REMOVE', agentId }]
  const away = without(assignedAgentId)
  switch (order.action) {
    case 'take':
      return assignedAgentId === userId ? [] : [...away, { ...ASSIGNED, type: 'ADD' }]
    case 'join':
      return joinOf(state, userId)
    case 'leave':
      return [{ ...BESIDE, type: 'REMOVE' }]
    case 'agent':
      return assignedAgentId === order.agentId
        ? []
        : [...away, { ...ASSIGNED, type: 'SUGGEST', agentId: order.agentId }]
    case 'skill':
      return skillId === order.skillId && !suggestion
        ? []
        : [...away, { field: 'skill', skillId: order.skillId }]
    case 'queue':
      return without(assignedAgentId ?? suggestion?.userId)
    case 'urgent':
      return ttr.ttrType === 'URGENT' ? [] : [{ field: 'ttr', ttrType: 'URGENT' }]
    case 'close':
      return [{ field: 'close' }]
  }
}

/** Who is asked to take it is not there yet, and who reads it may not write. */
function joinOf(state: ConversationState, userId: string): FieldChange[] {
  const present = findParticipant(mainDialog(state), userId)
  if (!present) return [{ ...BESIDE, type: 'ADD' }]
  return present.role === 'READER' ? [{ ...BESIDE, type: 'UPDATE' }] : []
}
