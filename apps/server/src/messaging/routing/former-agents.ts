import { assignedAgent, expireRing, findOpenRing, unassign } from '#messaging/rules'
import { unlessGone } from '#base/kit'
import type { RoutingDeps } from './deps.ts'
import { listAgents } from './repository.ts'

/** Whoever was deleted or disabled, or handles no conversations any more, leaves its conversations: they wait for others. */
export async function releaseFormerAgents(deps: RoutingDeps, accountId: string): Promise<void> {
  for (const { userId, agent } of await listAgents(deps.store.db, accountId)) {
    if (agent.slots.length === 0 || (await deps.accounts.users.findAgent(accountId, userId))) {
      continue
    }
    for (const conversationId of agent.slots) {
      await release(deps, accountId, conversationId, userId)
    }
  }
}

async function release(
  { conversations, accounts }: RoutingDeps,
  accountId: string,
  conversationId: string,
  formerId: string,
): Promise<void> {
  const { userId, pid } = accounts.controllerBot(accountId)
  const changed = conversations.changeConversation(accountId, conversationId, (decision) => {
    const { state } = decision
    const ring = findOpenRing(state)
    if (ring?.userId === formerId) expireRing(decision, ring.ringId)
    if (state.state === 'CLOSE' || assignedAgent(state)?.userId !== formerId) return
    unassign(decision, { userId, pid, role: 'CONTROLLER' })
  })
  await unlessGone(changed)
}
