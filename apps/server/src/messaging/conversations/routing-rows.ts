import { isDeepStrictEqual } from 'node:util'
import type { ConversationState } from '@parley/contract'
import { z } from 'zod'
import { needsAgent } from '#messaging/rules'
import type { OutboxInsert } from '#base/store'

/** The outbox consumer that brings waiting conversations and free agents together. */
export const ROUTING = 'routing'

export const RoutingFacts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('conversation'), conversationId: z.string() }),
  z.object({ kind: z.literal('agent'), userId: z.string() }),
  z.object({ kind: z.literal('agents') }),
])
export type RoutingFacts = z.infer<typeof RoutingFacts>

export function routingRow(facts: RoutingFacts): OutboxInsert {
  return { consumer: ROUTING, orderingKey: `${facts.kind}/${aboutWhom(facts)}`, facts }
}

function aboutWhom(facts: RoutingFacts): string {
  if (facts.kind === 'agents') return 'all'
  return facts.kind === 'agent' ? facts.userId : facts.conversationId
}

/** Routing looks again when a conversation begins to need an agent, and when an agent has a slot again. */
export function routingRows(
  before: ConversationState | undefined,
  after: ConversationState,
  freed: readonly string[],
): OutboxInsert[] {
  const rows = freed.map((userId) => routingRow({ kind: 'agent', userId }))
  if (!asksForAgent(before, after)) return rows
  return [routingRow({ kind: 'conversation', conversationId: after.conversationId }), ...rows]
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
