import type { Accounts } from '#identity/accounts'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { openKeyedQueue } from '#base/kit'
import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { Sandbox } from '#faas/sandbox'
import type { Compiler } from '#faas/source'
import { createFunction } from './create.ts'
import { deleteFunction } from './delete.ts'
import { deployFunction } from './deploy.ts'
import { removeSkill } from './deployed-repository.ts'
import { openDeployed } from './deployed.ts'
import type { FunctionsDeps } from './deps.ts'
import { endOldVersions } from './end-old-versions.ts'
import {
  compareVersions,
  getFunction,
  getVersion,
  getWholeFunction,
  listDeployments,
  listFunctions,
  listVersions,
  listWholeFunctions,
} from './read.ts'
import { findFunction } from './repository.ts'
import { restoreVersion } from './restore.ts'
import { rollBackFunction } from './roll-back.ts'
import { functionRoutes } from './routes.ts'
import { openRunnables } from './runnable.ts'
import { undeployFunction } from './undeploy.ts'
import { saveFunction, updateFunction } from './update.ts'
import { functionUsage } from './usage.ts'

const CHANNEL = 'functions'

type OpenDeps = Pick<Base, 'store' | 'clock' | 'ids' | 'logger'> & {
  sandbox: Pick<Sandbox, 'retire' | 'probe'>
  compiler: Compiler
  accounts: FunctionsDeps['accounts'] & Pick<Accounts, 'alsoRemoveWithSkills'>
  settings: FunctionsDeps['settings']
  functionConfig: FunctionConfig
  pauseSchedules: FunctionsDeps['pauseSchedules']
}

/** The account's functions: drafts, their versions, and what is deployed of them. */
export type Functions = ReturnType<typeof openFunctions>

export function openFunctions(base: OpenDeps) {
  const { store, clock, ids, sandbox, compiler, accounts, functionConfig, pauseSchedules } = base
  const runnables = openRunnables({ store })
  const deployed = openDeployed(base, (deploymentId) => {
    runnables.forget(deploymentId)
    sandbox.retire(deploymentId)
  })
  const opened = new AsyncDisposableStack()
  opened.use(store.onNotify(CHANNEL, (accountId) => void deployed.refresh(accountId)))
  opened.use(store.onResync(deployed.refreshAll, { periodic: true }))

  const deps: FunctionsDeps = {
    store,
    clock,
    ids,
    settings: base.settings,
    accounts,
    functionConfig,
    compiler,
    deploying: new Set(),
    checkingKept: openKeyedQueue(),
    changing: openKeyedQueue(),
    retire: sandbox.retire,
    probe: sandbox.probe,
    pauseSchedules,
    async changed(accountId) {
      store.notify(CHANNEL, accountId)
      await deployed.refresh(accountId)
    },
  }
  accounts.alsoRemoveWithSkills({
    remove: removeSkill,
    removed: (accountId) => void deps.changed(accountId),
  })

  return {
    /** By its id, in a transaction of the caller; `undefined` when there is none. */
    find: findFunction,
    drafts: withDeps(deps, {
      list: listFunctions,
      get: getFunction,
      listWhole: listWholeFunctions,
      getWhole: getWholeFunction,
      create: createFunction,
      update: updateFunction,
      save: saveFunction,
      delete: deleteFunction,
    }),
    versions: withDeps(deps, {
      list: listVersions,
      get: getVersion,
      compare: compareVersions,
      restore: restoreVersion,
    }),
    deployments: withDeps(deps, {
      list: listDeployments,
      deploy: deployFunction,
      undeploy: undeployFunction,
      rollBack: rollBackFunction,
    }),
    /** What runs now, as this node sees it. */
    deployed,
    runnables,
    ...withDeps(deps, { usage: functionUsage, endOld: endOldVersions }),
    routes: (http: Http) => functionRoutes(http, deps),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
