import { messageOf } from '#base/kernel'
import { agentLeft } from './agents.ts'
import type { RoutingDeps } from './deps.ts'
import { beat, forgetNode, listAgentsOn, listSilentNodes } from './repository.ts'

const BEAT_MS = 5000
/** A node that is silent for so long counts as killed: the sockets that it held are gone. */
const SILENT_MS = 20_000

/** Stores that this node is alive, and marks the agents of silent nodes as gone from there. */
export function watchNodes(deps: RoutingDeps): AsyncDisposable {
  const { store, clock, monotonic, logger, reading } = deps
  let running: Promise<void> | undefined

  async function look(): Promise<void> {
    await beat(store)
    for (const { nodeId, silentMs } of await listSilentNodes(store.db, SILENT_MS)) {
      await takeAgentsFrom(nodeId)
      store.resyncAll(clock.now() - silentMs)
      await forgetNode(store.db, nodeId)
    }
  }

  /** Leaves the list of nodes, so that the others need not find out that this one is silent. */
  async function leave(): Promise<void> {
    try {
      // The sockets are closed by now; what their ends write may still be under way.
      await takeAgentsFrom(store.nodeId)
      await forgetNode(store.db, store.nodeId)
    } catch (error) {
      logger.warn({ err: error }, `This node stays in the list of nodes: ${messageOf(error)}`)
    }
  }

  async function takeAgentsFrom(nodeId: string): Promise<void> {
    for (const { accountId, userId } of await listAgentsOn(store.db, nodeId)) {
      // A node that was killed may have told nobody of its last logins.
      reading.documents.forget('agent', accountId, userId)
      await agentLeft(deps, accountId, userId, nodeId)
    }
  }

  function tick(): void {
    running ??= look()
      .catch((error: unknown) => {
        logger.warn({ err: error }, `Nodes not looked after: ${messageOf(error)}`)
      })
      .finally(() => {
        running = undefined
      })
  }

  const ticking = monotonic.every(BEAT_MS, tick)
  tick()
  return {
    async [Symbol.asyncDispose]() {
      ticking[Symbol.dispose]()
      await running
      await leave()
    },
  }
}
