import { isDeepStrictEqual } from 'node:util'
import type { ConversationState } from '@parley/contract'
import * as z from 'zod'
import { needsAgent } from '#messaging/rules'
import { joined } from '#base/kernel'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer that rings free agents for waiting conversations. */
export const ROUTING = 'routing'

export const RoutingFacts = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('conversation'),
    conversationId: z.string(),
    /** The version of the conversation that asks for an agent. Absent in rows of earlier versions of Parley. */
    version: z.int().optional(),
  }),
  z.object({ kind: z.literal('agent'), userId: z.string() }),
  z.object({
    kind: z.literal('agents'),
    /** The users that were changed or deleted. Absent in rows of earlier versions of Parley: any of them. */
    userIds: z.array(z.string()).optional(),
  }),
])
export type RoutingFacts = z.infer<typeof RoutingFacts>

export function routingRow(facts: RoutingFacts): OutboxInsert {
  return { consumer: ROUTING, orderingKey: joined(facts.kind, subjectOf(facts)), facts }
}

function subjectOf(facts: RoutingFacts): string {
  if (facts.kind === 'agents') return 'all'
  return facts.kind === 'agent' ? facts.userId : facts.conversationId
}

/** Routing looks again when a conversation begins to need an agent, and when an agent has a slot again. */
export function routingRows(
  before: ConversationState | undefined,
  after: ConversationState,
  freedAgents: readonly string[],
  version: number,
): OutboxInsert[] {
  const rows = freedAgents.map((userId) => routingRow({ kind: 'agent', userId }))
  if (!asksForAgent(before, after)) return rows
  const { conversationId } = after
  return [routingRow({ kind: 'conversation', conversationId, version }), ...rows]
}

function asksForAgent(before: ConversationState | undefined, after: ConversationState): boolean {
  if (!needsAgent(after)) return false
  return (
    !before ||
    !needsAgent(before) ||
    before.skillId !== after.skillId ||
    before.suggestion?.userId !== after.suggestion?.userId ||
    before.transferred !== after.transferred ||
    (before.ringAgainAt !== undefined && after.ringAgainAt === undefined) ||
    !isDeepStrictEqual(before.refusals, after.refusals)
  )
}
