import type { Accounts } from '#identity/accounts'
import type { Clock, Ids, Monotonic } from '#base/kernel'
import type { Functions } from '#faas/functions'
import type { Http } from '#base/http'
import type { Invocations } from '#faas/invocations'
import type { Records } from '#faas/records'
import type { Schedules } from '#faas/schedules'
import type { FunctionConfig } from '#faas/function-config'

export interface WireFunctionsDeps {
  http: Http
  functions: Functions
  schedules: Schedules
  invocations: Invocations
  records: Records
  functionConfig: FunctionConfig
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  accounts: Pick<Accounts, 'settings' | 'peekSettings'>
}
