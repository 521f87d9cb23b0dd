import { ParleyError } from '#base/kernel'
import { NEW_AGENT } from '#messaging/reading'
import type { AgentState, Availability } from '#messaging/rules'
import type { RoutingDeps } from './deps.ts'
import { AGENT_GONE } from './agent-timer.ts'
import { countHostedSlots, listAgents } from './repository.ts'
import { routingRow } from './routing-rows.ts'

/** An agent whose sockets are gone counts as offline for routing after this. */
const GONE_AFTER_MS = 30_000

/** All agents that something is stored about. */
export function listAgentStates(
  { store }: Pick<RoutingDeps, 'store'>,
  accountId: string,
): Promise<{ userId: string; agent: AgentState }[]> {
  return listAgents(store.db, accountId)
}

/** An agent that nothing is stored about is offline. */
export async function findAgent(
  { reading }: Pick<RoutingDeps, 'reading'>,
  accountId: string,
  userId: string,
): Promise<AgentState> {
  return ((await reading.documents.find('agent', accountId, userId)) ?? NEW_AGENT).state
}

/** The conversations that the agent has, or that ring it. While nobody of the account is here, this node does not hear of those that other nodes give. */
export async function readSlots(
  { reading, store }: Pick<RoutingDeps, 'reading' | 'store'>,
  accountId: string,
  userId: string,
): Promise<readonly string[]> {
  if (!store.isExclusive) reading.documents.forget('agent', accountId, userId)
  return (await findAgent({ reading }, accountId, userId)).slots
}

/** Of a user id or pid. Who is unknown keeps the name. */
export async function userIdOf(
  { accounts }: Pick<RoutingDeps, 'accounts'>,
  accountId: string,
  id: string,
): Promise<string> {
  return (await accounts.users.find(accountId, id))?.userId ?? id
}

/** How many slots bots of this server have taken: those that have taken any. */
export function countHosted(
  { store }: Pick<RoutingDeps, 'store'>,
  accountId: string,
): Promise<Map<string, number>> {
  return countHostedSlots(store.db, accountId)
}

/** @throws {ParleyError} `conflict` for a bot that this server runs */
export async function setAvailability(
  { conversations, clock }: Pick<RoutingDeps, 'conversations' | 'clock'>,
  accountId: string,
  userId: string,
  availability: Availability,
  description?: string,
): Promise<void> {
  await conversations.changeAgent(accountId, userId, (agent) => {
    refuseHosted(agent)
    return {
      agent: { ...agent, ...nowIs(agent, availability, clock.now()), description },
      outbox: [routingRow({ kind: 'agent', userId })],
    }
  })
}

/**
 * Somebody else sets an agent online or away. Only one who is there: nobody else could take what then rings.
 * @throws {ParleyError} `conflict` where the agent is not there, or is a bot that this server runs
 */
export async function orderAvailability(
  { conversations, clock }: Pick<RoutingDeps, 'conversations' | 'clock'>,
  accountId: string,
  userId: string,
  availability: Extract<Availability, 'ONLINE' | 'AWAY'>,
): Promise<void> {
  await conversations.changeAgent(accountId, userId, (agent) => {
    refuseHosted(agent)
    if (agent.gone || agent.availability === 'OFFLINE') {
      throw new ParleyError('conflict', `Agent "${userId}" is not there`)
    }
    if (agent.availability === availability) return undefined
    return {
      agent: { ...agent, ...nowIs(agent, availability, clock.now()) },
      outbox: [routingRow({ kind: 'agent', userId })],
    }
  })
}

function refuseHosted({ hosted }: AgentState): void {
  if (!hosted) return
  throw new ParleyError('conflict', 'This server runs the bot: start or stop it instead')
}

/** A bot that this server runs is there, or not, on whatever node: it has no socket. */
export async function setHostedBot(
  { conversations, clock }: Pick<RoutingDeps, 'conversations' | 'clock'>,
  accountId: string,
  userId: string,
  availability: Extract<Availability, 'ONLINE' | 'OFFLINE'>,
): Promise<void> {
  await conversations.changeAgent(accountId, userId, (agent) => ({
    agent: { ...agent, ...nowIs(agent, availability, clock.now()), hosted: true },
    outbox: [routingRow({ kind: 'agent', userId })],
  }))
}

function nowIs(agent: AgentState, availability: Availability, at: number) {
  const isSame = !agent.gone && agent.availability === availability
  const description = agent.availability === availability ? agent.description : undefined
  return { availability, description, gone: false, since: isSame ? (agent.since ?? at) : at }
}

/** A socket of this agent has opened on this node. A bot that this server runs is there without: one does not count, nor its end. */
export async function agentArrived(
  {
    conversations,
    clock,
    store: { nodeId },
  }: Pick<RoutingDeps, 'conversations' | 'clock' | 'store'>,
  accountId: string,
  userId: string,
): Promise<void> {
  await conversations.changeAgent(accountId, userId, (agent) => {
    if (agent.hosted || (agent.nodes.includes(nodeId) && !agent.gone)) return undefined
    return {
      agent: {
        ...agent,
        ...nowIs(agent, agent.availability, clock.now()),
        nodes: [...new Set([...agent.nodes, nodeId])],
      },
      disarm: [{ kind: AGENT_GONE, key: userId }],
      outbox: [routingRow({ kind: 'agent', userId })],
    }
  })
}

/** The last socket of this agent on a node has closed. */
export async function agentLeft(
  { conversations, clock, store }: Pick<RoutingDeps, 'conversations' | 'clock' | 'store'>,
  accountId: string,
  userId: string,
  nodeId = store.nodeId,
): Promise<void> {
  const dueAt = clock.now() + GONE_AFTER_MS
  await conversations.changeAgent(accountId, userId, (agent) => {
    if (!agent.nodes.includes(nodeId)) return undefined
    const nodes = agent.nodes.filter((node) => node !== nodeId)
    const arm = [{ kind: AGENT_GONE, key: userId, dueAt, facts: { userId } }]
    return { agent: { ...agent, nodes }, ...(nodes.length === 0 && { arm }) }
  })
}
