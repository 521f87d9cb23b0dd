import { assignedAgent, endSuggestion, expireRing, findOpenRing, unassign } from '#messaging/rules'
import { unlessGone } from '#base/kit'
import type { RoutingDeps } from './deps.ts'
import { AGENT_GONE } from './agent-timer.ts'
import { deleteIdleAgent, listAgents, listSuggested } from './repository.ts'

/**
 * Of these users, or of all, whoever was deleted or disabled, or handles no conversations any more, leaves its conversations: they wait
 * for others, and so do those that were to ask it before all others. What is known of the agent goes with its user.
 */
export async function releaseFormerAgents(
  deps: RoutingDeps,
  accountId: string,
  userIds: readonly string[] | undefined,
): Promise<void> {
  const { accounts, store } = deps
  const suggested = await listSuggested(store.db, accountId, userIds)
  for (const [userId, own] of Map.groupBy(suggested, ({ userId }) => userId)) {
    if (await accounts.users.findAgent(accountId, userId)) continue
    for (const { conversationId } of own) await release(deps, accountId, conversationId, userId)
  }
  for (const { userId, agent } of await listAgents(store.db, accountId, userIds)) {
    if (await accounts.users.findAgent(accountId, userId)) continue
    for (const conversationId of agent.slots) {
      await release(deps, accountId, conversationId, userId)
    }
    if (!(await accounts.users.find(accountId, userId))) await forget(deps, accountId, userId)
  }
}

async function forget(
  { store, delivery, reading }: RoutingDeps,
  accountId: string,
  userId: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await deleteIdleAgent(tx, accountId, userId))) return
    await delivery.disarmTimer(tx, accountId, { kind: AGENT_GONE, key: userId })
  })
  reading.documents.forget('agent', accountId, userId)
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
    if (state.suggestion?.userId === formerId) endSuggestion(decision)
    if (state.state === 'CLOSE' || assignedAgent(state)?.userId !== formerId) return
    unassign(decision, { userId, pid, role: 'CONTROLLER' })
  })
  await unlessGone(changed)
}
