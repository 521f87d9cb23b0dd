import type { Delivery } from '#base/delivery'
import type { Base } from '#base/store'
import type { Mails } from '#chat/mail'
import type { FunctionConfig } from '#faas/function-config'
import type { Functions } from '#faas/functions'
import type { Metrics } from '#faas/metrics'
import type { Settings } from '#identity/settings'

/** What the operations of this module need. */
export interface ReportDeps extends Pick<Base, 'store' | 'clock' | 'logger'> {
  delivery: Delivery
  settings: Settings
  functionConfig: Pick<FunctionConfig, 'activities'>
  functions: Pick<Functions, 'usage'>
  metrics: Pick<Metrics, 'functionTotals'>
  mails: Pick<Mails, 'enqueue' | 'endOthersBefore' | 'hasServer'>
  /** Under which others reach this server. */
  publicUrl: string | undefined
}
