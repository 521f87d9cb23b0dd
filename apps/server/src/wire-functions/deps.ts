import type { Accounts } from '#accounts'
import type { Clock, Ids, Monotonic } from '#kernel'
import type { Functions } from '#functions'
import type { Http } from '#http'
import type { Invocations } from '#invocations'
import type { Records } from '#records'
import type { Schedules } from '#schedules'
import type { Surroundings } from '#surroundings'

export interface WireFunctionsDeps {
  http: Http
  functions: Functions
  schedules: Schedules
  invocations: Invocations
  records: Records
  surroundings: Surroundings
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  accounts: Pick<Accounts, 'settings' | 'peekSettings'>
}
