import { setTimeout as sleep } from 'node:timers/promises'
import { openAgent, SocketRequestError } from '@parley/client'
import type { Cluster } from './cluster-nodes.ts'
import type { AgentLogin } from './cluster-stage.ts'

/** An agent who takes every conversation that rings, and comes back whenever its node has died. */
export async function serve(
  { endpoint }: Pick<Cluster, 'endpoint'>,
  login: AgentLogin,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      using agent = await openAgent(await endpoint(), login)
      agent.onRing((conversationId) => void agent.accept(conversationId).catch(ignoreLostRing))
      const { promise, resolve } = Promise.withResolvers<void>()
      over.addEventListener('abort', () => resolve(), { once: true })
      await Promise.race([agent.socket.closed, promise])
    } catch {
      // Its node was killed while it was opening.
      await sleep(500)
    }
  }
}

/** A ring that was not taken in time, or whose node has died, rings again. */
function ignoreLostRing(error: unknown): void {
  if (error instanceof SocketRequestError || /closed/.test(String(error))) return
  throw error
}
