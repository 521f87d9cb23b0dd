import { retryStale } from '#base/kit'
import type { AgentState } from '#messaging/rules'
import type { CommitOperation } from '#base/store'
import type { WriteDeps } from './deps.ts'
import { agentKey } from './document-writes.ts'

export interface AgentChange extends Pick<CommitOperation, 'outbox' | 'arm' | 'disarm'> {
  agent: AgentState
}

/** Changes the document of an agent. `decide` returns `undefined` when there is nothing to do. */
export async function changeAgent(
  { documents, queue, delivery, reading, monotonic }: WriteDeps,
  accountId: string,
  userId: string,
  decide: (agent: AgentState) => AgentChange | undefined,
): Promise<void> {
  await queue.run(agentKey(accountId, userId), () =>
    retryStale({ monotonic }, `Agent "${userId}"`, async () => {
      const { version, state } = await documents.findOrNew('agent', accountId, userId)
      const change = decide(state)
      if (!change) return undefined
      const { agent, ...also } = change
      const write = { kind: 'agent', id: userId, readVersion: version, state: agent }
      const { status } = await delivery.commit({ accountId, documents: [write], ...also }, () =>
        documents.keep('agent', accountId, userId, { version: version + 1, state: agent }),
      )
      if (status !== 'applied') documents.forget('agent', accountId, userId)
      if (status === 'stale') return status
      if (status !== 'applied') throw new Error(`Unexpected outcome "${status}"`)
      reading.updates.publishAgent(accountId, userId)
      return undefined
    }),
  )
}
