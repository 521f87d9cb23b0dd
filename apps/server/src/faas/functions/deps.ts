import type { KeyedQueue } from '#base/kit'
import type { Base, Db } from '#base/store'
import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { FunctionConfig } from '#faas/function-config'
import type { Compiler } from '#faas/source'
import type { FunctionVersion, ProbeOutcome } from '#faas/sandbox'

/** What the operations of this module need. */
export interface FunctionsDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  accounts: Pick<Accounts, 'skills'>
  settings: Pick<Settings, 'get'>
  functionConfig: Pick<FunctionConfig, 'activities' | 'limitsOf' | 'secrets'>
  compiler: Compiler
  /** Functions that this node is deploying now. */
  deploying: Set<string>
  /** By account: checks of versions whose warnings are not known. */
  checkingKept: KeyedQueue
  /** By account: changes that lock it. Of a project that is pushed or deployed at once, all but one would ask for the lock in vain, and give up. */
  changing: KeyedQueue
  /** Ends the instances of a deployment that failed. */
  retire(deploymentId: string): void
  /** Whether the version can be loaded. Its instance stays warm when it can. */
  probe(version: FunctionVersion): Promise<ProbeOutcome>
  /** Part of the transaction that takes a function out of service. */
  pauseSchedules(tx: Db, accountId: string, functionId: string): Promise<void>
  /** Resolves when this node sees what was committed; the other nodes follow within a second. */
  changed(accountId: string): Promise<void>
}
