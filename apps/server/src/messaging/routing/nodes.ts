import { messageOf } from '#base/kernel'
import { agentLeft } from './agents.ts'
import type { RoutingDeps } from './deps.ts'
import { beat, forgetNode, listAgentsOn, listSilentNodes } from './repository.ts'

const BEAT_MS = 5000
/** A node that is silent for so long counts as killed: the sockets that it held are gone. */
const SILENT_MS = 20_000

/** Stores that this node is alive, and marks the agents of silent nodes as gone from there. */
export function watchNodes(deps: RoutingDeps): AsyncDisposable {
  const { store, monotonic, logger } = deps
  let running: Promise<void> | undefined

  async function look(): Promise<void> {
    await beat(store.db, store.nodeId)
    for (const silent of await listSilentNodes(store.db, SILENT_MS)) {
      for (const { accountId, userId } of await listAgentsOn(store.db, silent)) {
        await agentLeft(deps, accountId, userId, silent)
      }
      store.resyncAll()
      await forgetNode(store.db, silent)
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
    },
  }
}
