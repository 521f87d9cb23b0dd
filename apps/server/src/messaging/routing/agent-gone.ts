import * as z from 'zod'
import { expireRing, findOpenRing } from '#messaging/rules'
import type { TimerKind } from '#base/delivery'
import { AGENT_GONE } from './agent-timer.ts'
import { findAgent } from './agents.ts'
import type { RoutingDeps } from './deps.ts'

/** An agent that has been gone for a while: its rings are offered to others. */
export function agentGoneTimer(deps: RoutingDeps): TimerKind<{ userId: string }> {
  const { conversations, delivery, clock } = deps
  return {
    kind: AGENT_GONE,
    workers: 'platform',
    exhausted: 'dead letter',
    facts: z.object({ userId: z.string() }),
    async fire({ accountId, kind, key, generation, facts: { userId } }) {
      // Marked first: a ring that expires must not come back to the same agent.
      await conversations.changeAgent(accountId, userId, (agent) =>
        agent.nodes.length === 0
          ? { agent: { ...agent, gone: true, since: clock.now() } }
          : undefined,
      )
      const { gone, slots } = await findAgent(deps, accountId, userId)
      if (gone) await expireRingsOf(deps, accountId, userId, slots)
      const completesTimer = { kind, key, generation }
      await delivery.commit({ accountId, documents: [], completesTimer })
    },
  }
}

async function expireRingsOf(
  { conversations }: RoutingDeps,
  accountId: string,
  userId: string,
  slots: readonly string[],
): Promise<void> {
  for (const conversationId of slots) {
    await conversations.changeConversation(accountId, conversationId, (decision) => {
      const ring = findOpenRing(decision.state)
      if (ring?.userId === userId) expireRing(decision, ring.ringId)
    })
  }
}
