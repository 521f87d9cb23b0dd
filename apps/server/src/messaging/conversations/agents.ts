import { z } from 'zod'
import type { AgentState, Availability } from '#messaging/rules'
import type { TimerKind } from '#base/delivery'
import { messageOf } from '#base/kernel'
import { retryStale } from '#base/kit'
import type { CommitOperation } from '#base/store'
import type { Deps } from './deps.ts'
import { agentKey } from './document-writes.ts'
import { NEW_AGENT } from './documents.ts'
import { routingRow } from './routing-rows.ts'

/** An agent whose sockets are gone counts as offline for routing after this. */
const GONE_AFTER_MS = 30_000
const AGENT_GONE = 'agent-gone'
const AGENTS_CHANNEL = 'agents'

const AgentNotice = z.object({ node: z.string(), accountId: z.string(), userId: z.string() })

export interface AgentNews {
  accountId: string
  userId: string
  availability: Availability
}

export async function findAgent(
  { documents }: Pick<Deps, 'documents'>,
  accountId: string,
  userId: string,
): Promise<AgentState> {
  return ((await documents.find('agent', accountId, userId)) ?? NEW_AGENT).state
}

export async function setAvailability(
  deps: Deps,
  accountId: string,
  userId: string,
  availability: Availability,
): Promise<void> {
  await writeAgent(deps, accountId, userId, (agent) => ({
    agent: { ...agent, availability, gone: false },
    outbox: [routingRow({ kind: 'agent', userId })],
  }))
}

/** Somebody's skills, slots or rights may have changed: who waits may have an agent now. */
export function routeWhenUsersChange({
  accounts,
  delivery,
  logger,
}: Pick<Deps, 'accounts' | 'delivery' | 'logger'>): void {
  accounts.onUsersChanged((accountId) => {
    const outbox = [routingRow({ kind: 'agents' })]
    delivery.commit({ accountId, documents: [], outbox }).catch((error: unknown) => {
      logger.warn({ err: error, accountId }, `Not routed anew: ${messageOf(error)}`)
    })
  })
}

/** A socket of this agent has opened on this node. */
export async function agentArrived(deps: Deps, accountId: string, userId: string): Promise<void> {
  const { nodeId } = deps
  await writeAgent(deps, accountId, userId, (agent) => {
    if (agent.nodes.includes(nodeId) && !agent.gone) return undefined
    return {
      agent: { ...agent, nodes: [...new Set([...agent.nodes, nodeId])], gone: false },
      disarm: [{ kind: AGENT_GONE, key: userId }],
      outbox: [routingRow({ kind: 'agent', userId })],
    }
  })
}

/** The last socket of this agent on a node has closed. */
export async function agentLeft(
  deps: Deps,
  accountId: string,
  userId: string,
  nodeId = deps.nodeId,
): Promise<void> {
  const dueAt = deps.clock.now() + GONE_AFTER_MS
  await writeAgent(deps, accountId, userId, (agent) => {
    if (!agent.nodes.includes(nodeId)) return undefined
    const nodes = agent.nodes.filter((node) => node !== nodeId)
    const arm = [{ kind: AGENT_GONE, key: userId, dueAt, facts: { userId } }]
    return { agent: { ...agent, nodes }, ...(nodes.length === 0 && { arm }) }
  })
}

/** What happens to an agent who has been gone for a while: its rings are offered to others. */
export function agentGoneTimer(
  deps: Deps,
  expireRings: (accountId: string, userId: string) => Promise<void>,
): TimerKind<{ userId: string }> {
  return {
    kind: AGENT_GONE,
    facts: z.object({ userId: z.string() }),
    async fire({ accountId, kind, key, generation, facts: { userId } }) {
      const completesTimer = { kind, key, generation }
      // Marked first: a ring that expires must not come back to the same agent.
      await writeAgent(deps, accountId, userId, (agent) =>
        agent.nodes.length === 0 ? { agent: { ...agent, gone: true } } : undefined,
      )
      const { gone } = await findAgent(deps, accountId, userId)
      if (gone) await expireRings(accountId, userId)
      await deps.delivery.commit({ accountId, documents: [], completesTimer })
    },
  }
}

interface AgentChange extends Pick<CommitOperation, 'outbox' | 'arm' | 'disarm'> {
  agent: AgentState
}

/** `change` returns `undefined` when there is nothing to do. */
async function writeAgent(
  { documents, queue, delivery, store, nodeId, monotonic }: Deps,
  accountId: string,
  userId: string,
  change: (agent: AgentState) => AgentChange | undefined,
): Promise<void> {
  await queue.run(agentKey(accountId, userId), () =>
    retryStale({ monotonic }, `Agent "${userId}"`, async () => {
      const { version, state } = (await documents.find('agent', accountId, userId)) ?? NEW_AGENT
      const changed = change(state)
      if (!changed) return undefined
      const { agent, ...also } = changed
      const { status } = await delivery.commit({
        accountId,
        documents: [{ kind: 'agent', id: userId, readVersion: version, state: agent }],
        ...also,
      })
      documents.forget('agent', accountId, userId)
      if (status === 'stale') return status
      if (status !== 'applied') throw new Error(`Unexpected outcome "${status}"`)
      documents.keep('agent', accountId, userId, { version: version + 1, state: agent })
      store.notify(AGENTS_CHANNEL, JSON.stringify({ node: nodeId, accountId, userId }))
      return undefined
    }),
  )
}

/** Tells of agents whose availability may have changed, on whichever node. */
export function hearAgents(
  { store, documents, nodeId }: Pick<Deps, 'store' | 'documents' | 'nodeId'>,
  hear: (accountId: string, userId: string) => void,
): Disposable {
  return store.onNotify(AGENTS_CHANNEL, (payload) => {
    const { node, accountId, userId } = AgentNotice.parse(JSON.parse(payload))
    if (node !== nodeId) documents.forget('agent', accountId, userId)
    hear(accountId, userId)
  })
}
