import type { ConversationState } from '@parley/contract'
import {
  matchAgent,
  mayTake,
  needsAgent,
  queueOrder,
  ringAgent,
  type RoutableAgent,
  takeAtOnce,
} from '#messaging/rules'
import type { OutboxConsumer, OutboxRow } from '#base/delivery'
import { ParleyError } from '#base/kernel'
import { isSkillDeleted, leaveDeletedSkill, leaveDeletedSkills } from './deleted-skills.ts'
import type { RoutingDeps } from './deps.ts'
import { releaseFormerAgents } from './former-agents.ts'
import { listAgents } from './repository.ts'
import { ROUTING, RoutingFacts } from './routing-rows.ts'

const MAX_CONSIDERED = 200

/** Failures that are not the conversation's: it can be routed a little later. */
const PASSING = new Set(['unavailable', 'conversation_busy'])

/** Rings free agents for waiting conversations. Each outbox row is one reason to look for a match. */
export function routingConsumer(deps: RoutingDeps): OutboxConsumer<RoutingFacts> {
  return {
    name: ROUTING,
    workers: 'platform',
    facts: RoutingFacts,
    answersWaitingRows: true,
    async handle(row) {
      if (row.facts.kind === 'conversation') {
        const { accountId, facts } = row
        const agents = await routeEarlier(deps, accountId, facts.conversationId)
        if (await hasNobody(deps, accountId, facts, agents)) await deps.delivery.end(row)
        else await routeConversation(deps, accountId, facts.conversationId, { row, agents })
      } else {
        await routeToAgents(deps, row.accountId, row.facts)
        await deps.delivery.end(row)
      }
    },
  }
}

/**
 * Whether there is nobody to ring. Then the row ends by itself: the conversation's own turn is for what is done in it. A change that asks
 * for an agent again has a row of its own, and so has an agent that could take it now.
 */
async function hasNobody(
  deps: RoutingDeps,
  accountId: string,
  { conversationId, version = Infinity }: Extract<RoutingFacts, { kind: 'conversation' }>,
  agents: readonly RoutableAgent[] | undefined,
): Promise<boolean> {
  const known = await deps.reading.documents.find('conversation', accountId, conversationId)
  // What this node remembers may be older than what asks.
  if (!known || known.version < version) return false
  if (!needsAgent(known.state)) return true
  if (await isSkillDeleted(deps, accountId, known.state)) return false
  return agents !== undefined && matchAgent(known.state, agents, deps.clock.now()).kind === 'none'
}

/** Rings the best agent for one conversation, if it still needs one. The same commit completes the row. */
async function routeConversation(
  deps: RoutingDeps,
  accountId: string,
  conversationId: string,
  {
    row,
    agents,
  }: {
    row?: OutboxRow<RoutingFacts>
    /** As they were when earlier conversations were routed. An agent that came since has a row of its own. */
    agents?: readonly RoutableAgent[] | undefined
  } = {},
): Promise<void> {
  const { messaging } = await deps.settings.get(accountId)
  let known = agents
  await deps.conversations.changeConversation(
    accountId,
    conversationId,
    async (decision) => {
      if (!needsAgent(decision.state)) return
      await leaveDeletedSkill(deps, accountId, decision)
      const candidates = known ?? (await routableAgents(deps, accountId))
      known = undefined
      const match = matchAgent(decision.state, candidates, decision.at)
      if (match.kind === 'ring') {
        const { userId, pid, hosted } = match.agent
        const ringId = `${conversationId}_${userId}_${deps.ids.token(6)}`
        const expiresAt = decision.at + messaging.ringMs
        const offer = { ringId, agent: { userId, pid }, expiresAt }
        if (hosted) takeAtOnce(decision, offer)
        else ringAgent(decision, offer)
      } else if (match.kind === 'later') {
        decision.state.ringAgainAt = match.at
      }
    },
    { decidesAgain: true, ...(row && { completesRow: { outboxId: row.id } }) },
  )
}

/**
 * Routes the conversations that have waited longer for the same agents first: a slot may have become free a moment ago.
 * Resolves to the agents as they are then.
 */
async function routeEarlier(
  deps: RoutingDeps,
  accountId: string,
  conversationId: string,
): Promise<RoutableAgent[] | undefined> {
  const known = await deps.reading.documents.find('conversation', accountId, conversationId)
  if (!known || !needsAgent(known.state)) return undefined
  const { state } = known
  const agents = await routableAgents(deps, accountId)
  if (!agents.some((agent) => mayTake(agent, state))) return agents
  const waiting = await deps.reading.listWaitingConversations(
    accountId,
    [state.skillId],
    MAX_CONSIDERED,
  )
  const earlier = waiting.filter(
    (other) => other.conversationId !== conversationId && queueOrder(other, state) < 0,
  )
  await routeWaiting(deps, accountId, earlier, agents)
  return agents
}

/** One agent, or any of them, has a free slot or is available now: routes the queue in its order until all slots are taken. */
async function routeToAgents(
  deps: RoutingDeps,
  accountId: string,
  facts: Exclude<RoutingFacts, { kind: 'conversation' }>,
): Promise<void> {
  // The node that has changed them may have died before it told this one.
  if (facts.kind === 'agents') {
    deps.accounts.readAgain(accountId)
    await leaveDeletedSkills(deps, accountId)
    await releaseFormerAgents(deps, accountId)
  }
  const agents = await routableAgents(deps, accountId)
  const free = agents
    .filter(({ userId }) => facts.kind === 'agents' || userId === facts.userId)
    .filter(({ usedSlots, maxSlots }) => usedSlots < maxSlots)
  if (free.length === 0) return
  const skillIds = [...new Set(free.flatMap((agent) => agent.skillIds))]
  const waiting = await deps.reading.listWaitingConversations(accountId, skillIds, MAX_CONSIDERED)
  await routeWaiting(deps, accountId, waiting, agents)
}

/** Matches in memory and writes only the matches: most conversations of a long queue go on waiting. */
async function routeWaiting(
  deps: RoutingDeps,
  accountId: string,
  waiting: readonly ConversationState[],
  agents: readonly RoutableAgent[],
): Promise<void> {
  for (const conversation of waiting.filter(needsAgent).toSorted(queueOrder)) {
    if (agents.every(({ usedSlots, maxSlots }) => usedSlots >= maxSlots)) return
    const match = matchAgent(conversation, agents, deps.clock.now())
    if (match.kind === 'none') continue
    if (match.kind === 'later' && match.at === conversation.ringAgainAt) continue
    if (match.kind === 'ring') match.agent.usedSlots += 1
    try {
      await routeConversation(deps, accountId, conversation.conversationId)
    } catch (error) {
      // A conversation that can never be routed must not hold up the others. One that could be routed a little later has no
      // outbox row of its own: this row fails, and is tried again.
      if (!(error instanceof ParleyError) || PASSING.has(error.code)) throw error
    }
  }
}

/** Agents as the database has them: what this node remembers may be behind. */
async function routableAgents(
  { accounts, store }: Pick<RoutingDeps, 'accounts' | 'store'>,
  accountId: string,
): Promise<RoutableAgent[]> {
  const stored = await listAgents(store.db, accountId)
  const agents = await Promise.all(
    stored.map(async ({ userId, agent }): Promise<RoutableAgent | undefined> => {
      const user = await accounts.users.findAgent(accountId, userId)
      if (!user) return undefined
      return {
        userId,
        pid: user.pid,
        skillIds: user.skillIds,
        maxSlots: user.maxSlots,
        usedSlots: agent.slots.length,
        availability: agent.gone ? 'OFFLINE' : agent.availability,
        hosted: agent.hosted,
      }
    }),
  )
  return agents.filter((agent) => agent !== undefined)
}
