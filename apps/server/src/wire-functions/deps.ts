import type { Clock, Ids, Monotonic } from '#kernel'
import type { Functions } from '#functions'
import type { Http, Principal } from '#http'
import type { Invocations } from '#invocations'
import type { AccountSettings } from '@parley/contract'

export interface WireFunctionsDeps {
  http: Http
  functions: Functions
  invocations: Invocations
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  settings(accountId: string): Promise<AccountSettings>
  /** The settings when they are in memory, for the hot path. */
  settingsNow(accountId: string): AccountSettings | undefined
  /** How the caller is named where it leaves its mark. */
  actorOf(principal: Principal): string
}
