import type { ConversationState } from '@parley/contract'
import * as z from 'zod'
import { ParleyError } from '#base/kernel'
import { Availability } from './match.ts'
import { assignedAgent } from './decision.ts'
import { findOpenRing } from './ring.ts'

/** What is stored about an agent. Each conversation that rings it or is assigned to it takes a slot. */
export const AgentState = z.object({
  availability: Availability,
  /** What the agent says of its availability, in its own words. */
  description: z.string().optional(),
  slots: z.array(z.string()),
  /** Nodes that hold a socket of this agent. */
  nodes: z.array(z.string()),
  /** Set when its sockets have been gone for a while: it counts as offline until one is back. */
  gone: z.boolean(),
  /** When its availability changed last, or it was found to be gone. */
  since: z.number().optional(),
  /** A bot that this server runs: it needs no socket, and takes at once what would ring it. */
  hosted: z.literal(true).optional(),
})
export type AgentState = z.infer<typeof AgentState>

/** The agents that hold a slot for this conversation: the assigned one, and the one that it rings. */
export function slotHolders(state: ConversationState | undefined): Set<string> {
  if (!state || state.state === 'CLOSE') return new Set()
  const holders = [assignedAgent(state)?.userId, findOpenRing(state)?.userId]
  return new Set(holders.filter((userId) => userId !== undefined))
}

export function takeSlot(
  agent: AgentState,
  { userId, maxSlots }: { userId: string; maxSlots: number },
  conversationId: string,
): AgentState {
  if (agent.slots.includes(conversationId)) return agent
  if (agent.slots.length >= maxSlots) {
    throw new ParleyError('agent_busy', `Agent "${userId}" has no free slot`)
  }
  return { ...agent, slots: [...agent.slots, conversationId] }
}

export function freeSlot(agent: AgentState, conversationId: string): AgentState {
  return { ...agent, slots: agent.slots.filter((held) => held !== conversationId) }
}
