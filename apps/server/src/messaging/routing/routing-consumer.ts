import { type ConversationState, NO_SKILL } from '@parley/contract'
import {
  matchAgent,
  mayTake,
  needsAgent,
  queueOrder,
  ringAgent,
  type RoutableAgent,
  takeableBy,
  takeAtOnce,
} from '#messaging/rules'
import type { OutboxConsumer, OutboxRow } from '#base/delivery'
import { isRefusal } from '#base/kernel'
import { isSkillDeleted, leaveDeletedSkill, leaveDeletedSkills } from './deleted-skills.ts'
import type { RoutingDeps } from './deps.ts'
import { releaseFormerAgents } from './former-agents.ts'
import { listPresentAgents } from './repository.ts'
import { ROUTING, RoutingFacts } from './routing-rows.ts'

const MAX_CONSIDERED = 200

type Wanting = Pick<ConversationState, 'skillId' | 'suggestion'>

/** Agents as they were when they were read, for one conversation or several. */
interface Candidates {
  agents: readonly RoutableAgent[]
  /** Whether all whom this conversation can ring are among them. */
  cover(conversation: Wanting): boolean
}

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
        const known = await routeEarlier(deps, accountId, facts.conversationId)
        if (await hasNobody(deps, accountId, facts, known)) await deps.delivery.end(row)
        else await routeConversation(deps, accountId, facts.conversationId, { row, known })
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
  candidates: Candidates | undefined,
): Promise<boolean> {
  const known = await deps.reading.documents.find('conversation', accountId, conversationId)
  // What this node remembers may be older than what asks.
  if (!known || known.version < version) return false
  const { state } = known
  if (!needsAgent(state)) return true
  if (await isSkillDeleted(deps, accountId, state)) return false
  if (!candidates?.cover(state)) return false
  return matchAgent(state, candidates.agents, deps.clock.now()).kind === 'none'
}

/** Rings the best agent for one conversation, if it still needs one. The same commit completes the row. */
async function routeConversation(
  deps: RoutingDeps,
  accountId: string,
  conversationId: string,
  {
    row,
    known,
  }: {
    row?: OutboxRow<RoutingFacts>
    /** As they were when earlier conversations were routed. An agent that came since has a row of its own. */
    known?: Candidates | undefined
  } = {},
): Promise<void> {
  const { messaging } = await deps.settings.get(accountId)
  let fresh = known
  await deps.conversations.changeConversation(
    accountId,
    conversationId,
    async (decision) => {
      if (!needsAgent(decision.state)) return
      await leaveDeletedSkill(deps, accountId, decision)
      const { agents } = fresh?.cover(decision.state)
        ? fresh
        : await candidatesFor(deps, accountId, [decision.state])
      fresh = undefined
      const match = matchAgent(decision.state, agents, decision.at)
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
): Promise<Candidates | undefined> {
  const known = await deps.reading.documents.find('conversation', accountId, conversationId)
  if (!known || !needsAgent(known.state)) return undefined
  const { state } = known
  const candidates = await candidatesFor(deps, accountId, [state])
  const able = candidates.agents.filter((agent) => mayTake(agent, state))
  if (able.length === 0) return candidates
  // Of their other skills others have rows of their own.
  const takeable = takeableBy(able.map((agent) => ({ ...agent, skillIds: [state.skillId] })))
  const waiting = await deps.reading.listWaitingConversations(accountId, takeable, MAX_CONSIDERED)
  const earlier = waiting.filter(
    (other) => other.conversationId !== conversationId && queueOrder(other, state) < 0,
  )
  if (earlier.length === 0) return candidates
  const forAll = await candidatesFor(deps, accountId, [state, ...earlier])
  await routeWaiting(deps, accountId, earlier, forAll.agents)
  return forAll
}

/** Agents may have a free slot or be available now: routes the queue in its order until all slots are taken. */
async function routeToAgents(
  deps: RoutingDeps,
  accountId: string,
  facts: Exclude<RoutingFacts, { kind: 'conversation' }>,
): Promise<void> {
  const asked = facts.kind === 'agents' ? facts.userIds : [facts.userId]
  // The node that has changed them may have died before it told this one.
  if (facts.kind === 'agents') {
    deps.accounts.readAgain(accountId)
    await leaveDeletedSkills(deps, accountId)
    await releaseFormerAgents(deps, accountId, asked)
  }
  const free = (await routableAgents(deps, accountId, asked)).filter(
    ({ usedSlots, maxSlots }) => usedSlots < maxSlots,
  )
  if (free.length === 0) return
  const takeable = takeableBy(free)
  const waiting = await deps.reading.listWaitingConversations(accountId, takeable, MAX_CONSIDERED)
  if (waiting.length === 0) return
  const { agents } = await candidatesFor(deps, accountId, waiting)
  await routeWaiting(deps, accountId, waiting, agents)
}

/** Matches in memory and writes only the matches: most conversations of a long queue go on waiting. */
async function routeWaiting(
  deps: RoutingDeps,
  accountId: string,
  waiting: readonly ConversationState[],
  agents: readonly RoutableAgent[],
): Promise<void> {
  for (const conversation of waiting.toSorted(queueOrder)) {
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
      if (!isRefusal(error)) throw error
    }
  }
}

/** Those whom any of these conversations can ring: of thousands who are there, few have its skill. */
async function candidatesFor(
  deps: Pick<RoutingDeps, 'accounts' | 'store'>,
  accountId: string,
  conversations: readonly Wanting[],
): Promise<Candidates> {
  const suggested = new Set(conversations.flatMap(({ suggestion }) => suggestion?.userId ?? []))
  const skillIds = new Set(
    conversations.filter(({ suggestion }) => !suggestion).map(({ skillId }) => skillId),
  )
  const isAll = skillIds.has(NO_SKILL)
  const holders = [...skillIds].map((skillId) => deps.accounts.users.holdersOf(accountId, skillId))
  const userIds = isAll ? undefined : [...suggested, ...(await Promise.all(holders)).flat()]
  return {
    agents: await routableAgents(deps, accountId, userIds && [...new Set(userIds)]),
    cover: ({ skillId, suggestion }) =>
      isAll || (suggestion ? suggested.has(suggestion.userId) : skillIds.has(skillId)),
  }
}

/** Agents as the database has them: what this node remembers may be behind. */
async function routableAgents(
  { accounts, store }: Pick<RoutingDeps, 'accounts' | 'store'>,
  accountId: string,
  userIds: readonly string[] | undefined,
): Promise<RoutableAgent[]> {
  if (userIds?.length === 0) return []
  const stored = await listPresentAgents(store.db, accountId, userIds)
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
