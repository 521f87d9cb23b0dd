import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Accounts } from '#identity/accounts'
import type { Functions } from '#faas/functions'
import type { InvocationRecord, Records } from '#faas/records'
import type { Sandbox } from '#faas/sandbox'
import type { Store } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import { type EventAnswer, invokeEvent, type RaisedEvent, recordSkipped } from './invoke-event.ts'
import type { InvocationsRoom } from './run.ts'
import { type FunctionCall, runFunction } from './run-function.ts'

export interface InvocationsDeps {
  store: Store
  functions: Functions
  functionConfig: FunctionConfig
  sandbox: Sandbox
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  accounts: Pick<Accounts, 'settings' | 'peekSettings'>
  records: Records
}

export interface Invocations {
  readonly room: InvocationsRoom
  /**
   * For event sources inside the platform. Records come back to be put into the caller's commit.
   * Never rejects for what functions did.
   */
  invokeEvent(accountId: string, event: RaisedEvent): Promise<EventAnswer>
  /** For an event that a rule keeps from its functions: records that say why, for the caller's commit. */
  recordSkipped(accountId: string, event: RaisedEvent, reason: string): Promise<InvocationRecord[]>
  /** For a caller inside the platform that means one function; its record comes back as from `invokeEvent`. */
  runFunction(accountId: string, call: FunctionCall): Promise<InvocationRecord | undefined>
  /** Keeps a record that no commit takes, such as that of an attempt that will be repeated. */
  record(record: InvocationRecord): void
}

export function openInvocations(deps: InvocationsDeps): Invocations {
  const { functionConfig, records } = deps
  const { writer, newRecordId } = records
  const room: InvocationsRoom = {
    ...deps,
    writer,
    newRecordId,
    secretsOf: (accountId) => functionConfig.secrets.seen(accountId),
  }
  return {
    room,
    invokeEvent: (accountId, event) => invokeEvent(room, accountId, event),
    recordSkipped: (accountId, event, reason) => recordSkipped(room, accountId, event, reason),
    runFunction: (accountId, call) => runFunction(room, accountId, call),
    record: (record) => writer.record(record),
  }
}
