import type { Accounts } from '#identity/accounts'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import { openAllowlist } from './allowlist.ts'
import { openBlockedCalls } from './blocked-calls.ts'
import type { FunctionConfigRoom } from './room.ts'
import { openSecretReader, type SecretReader } from './secret-reader.ts'

export interface FunctionConfigDeps {
  store: Store
  accounts: Accounts
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}

/** What an account's functions find around them; `room` is for this room's own operations. */
export interface FunctionConfig extends AsyncDisposable {
  readonly room: FunctionConfigRoom
  /** Secrets as functions use them. */
  readonly secrets: SecretReader
}

export function openFunctionConfig(deps: FunctionConfigDeps): FunctionConfig {
  const { store, accounts, clock, ids } = deps
  const opened = new AsyncDisposableStack()
  const allowlist = opened.use(openAllowlist(store))
  const blockedCalls = opened.use(openBlockedCalls(deps))
  const room = { store, clock, ids, accounts, allowlist, blockedCalls }
  return {
    room,
    secrets: openSecretReader(room),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
