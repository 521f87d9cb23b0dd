import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'
import type { Functions } from '#faas/functions'
import type { CallerTokens, Invocations } from '#faas/invocations'
import type { Logs } from '#faas/logs'
import type { Metrics } from '#faas/metrics'
import type { Schedules } from '#faas/schedules'
import type { FunctionConfig } from '#faas/function-config'

/** What the published functions API needs from other modules. */
export interface Deps extends Pick<Base, 'clock' | 'monotonic' | 'ids'> {
  functions: Functions
  schedules: Schedules
  invocations: Invocations
  callerTokens: Pick<CallerTokens, 'conversationOf'>
  logs: Logs
  metrics: Metrics
  functionConfig: FunctionConfig
  settings: Pick<Settings, 'get' | 'peek'>
}
