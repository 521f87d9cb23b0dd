import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { Functions } from '#faas/functions'
import type { Invocations } from '#faas/invocations'
import type { Records } from '#faas/records'
import type { Settings } from '#identity/settings'

/** What the operations of this module need. */
export interface SchedulesDeps extends Pick<Base, 'store' | 'clock' | 'ids' | 'logger'> {
  delivery: Delivery
  functionConfig: Pick<FunctionConfig, 'activities' | 'limitsOf'>
  functions: Pick<Functions, 'find'>
  invocations: Pick<Invocations, 'runFunction'>
  records: Pick<Records, 'insert'>
  settings: Pick<Settings, 'get'>
}
