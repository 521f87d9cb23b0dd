import type { Accounts } from '#identity/accounts'
import type { Clock, Ids } from '#base/kernel'
import type { FunctionVersion, ProbeOutcome } from '#faas/sandbox'
import type { Db, Store } from '#base/store'

/** What the operations of this room need. */
export interface FunctionsRoom {
  store: Store
  clock: Clock
  ids: Ids
  accounts: Accounts
  /** Functions that this node is deploying now. */
  deploying: Set<string>
  /** Ends what runs of a deployment that does not come to be. */
  retire(deploymentId: string): void
  /** Whether the version can be loaded; it stays warm when it can. */
  probe(version: FunctionVersion): Promise<ProbeOutcome>
  /** Part of the transaction that takes a function out of service. */
  pauseSchedules(tx: Db, accountId: string, functionId: string): Promise<void>
  /** Resolves when this node sees what was committed; the other nodes follow within a second. */
  changed(accountId: string): Promise<void>
}

/** Works on the account's functions, then lets every node know. */
export async function changeFunctions<T>(
  room: FunctionsRoom,
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await room.store.transaction(work)
  await room.changed(accountId)
  return done
}
