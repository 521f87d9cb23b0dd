import type { Accounts } from '#identity/accounts'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Sandbox } from '#faas/sandbox'
import type { Store } from '#base/store'
import type { RefusedCall, FunctionConfig } from '#faas/function-config'
import { type Deployed, type DeployedFunction, openDeployed } from './deployed.ts'
import { matchSkill } from './match-skill.ts'
import type { FunctionsRoom } from './room.ts'
import { openRunnables, type Runnables } from './runnable.ts'

const CHANNEL = 'functions'

export interface FunctionsDeps {
  store: Store
  sandbox: Pick<Sandbox, 'retire' | 'probe'>
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  accounts: Accounts
  pauseSchedules: FunctionsRoom['pauseSchedules']
  functionConfig: FunctionConfig
}

/** Functions as other rooms use them; `room` is for this room's own operations. */
export interface Functions extends AsyncDisposable {
  readonly room: FunctionsRoom
  readonly deployed: Deployed
  readonly runnables: Runnables
  /** The deployed functions that this call means, in the order in which they run. */
  findDeployed(
    accountId: string,
    which: { functionId: string } | { eventId: string; skillId?: string | undefined },
  ): Promise<readonly DeployedFunction[]>
  /** For the feed of blocked calls. */
  refused(call: RefusedCall): void
}

export function openFunctions(deps: FunctionsDeps): Functions {
  const { store, accounts, sandbox, functionConfig, clock, ids, pauseSchedules } = deps
  const runnables = openRunnables({ store })
  const deployed = openDeployed(deps, (deploymentId) => {
    runnables.forget(deploymentId)
    sandbox.retire(deploymentId)
  })
  const opened = new AsyncDisposableStack()
  opened.use(store.onNotify(CHANNEL, (accountId) => void deployed.refresh(accountId)))
  opened.use(store.onResync(deployed.refreshAll, { inDoubt: true }))

  const room: FunctionsRoom = {
    store,
    clock,
    ids,
    accounts,
    deploying: new Set(),
    retire: (deploymentId) => sandbox.retire(deploymentId),
    probe: (version) => sandbox.probe(version),
    pauseSchedules,
    async changed(accountId) {
      store.notify(CHANNEL, accountId)
      await deployed.refresh(accountId)
    },
  }

  return {
    room,
    deployed,
    runnables,
    async findDeployed(accountId, which) {
      const live = await deployed.load(accountId)
      if ('functionId' in which) {
        const found = live.byId.get(which.functionId)
        return found ? [found] : []
      }
      return matchSkill(live.byEvent.get(which.eventId) ?? [], which.skillId)
    },
    refused(call) {
      const live = deployed.known(call.accountId)?.byId.get(call.functionId)
      const runnable = live && runnables.known(live.deploymentId)
      const calledFrom = runnable?.original(call.calledFrom) ?? call.calledFrom
      const { room: around, secrets } = functionConfig
      around.blockedCalls.add({ ...call, calledFrom }, secrets.seen(call.accountId))
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
