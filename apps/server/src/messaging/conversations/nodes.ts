import { messageOf } from '#base/kernel'
import { agentLeft } from './agents.ts'
import type { Deps } from './deps.ts'
import { beat, forgetNode, listAgentsOn, listSilentNodes } from './repository.ts'

const BEAT_MS = 5000
/** A node that was killed is silent: the sockets that it held are gone. */
const SILENT_MS = 20_000

export interface Nodes extends AsyncDisposable {
  /** Looks for silent nodes at once. */
  look(): Promise<void>
}

/** Says that this node is alive, and clears up after nodes that are not. */
export function watchNodes(deps: Deps): Nodes {
  const { store, nodeId, monotonic, logger } = deps
  let running: Promise<void> | undefined

  async function look(): Promise<void> {
    await beat(store.db, nodeId)
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
    look,
    async [Symbol.asyncDispose]() {
      ticking[Symbol.dispose]()
      await running
    },
  }
}
