import type { Base } from '#base/store'
import type { Functions } from '#faas/functions'
import type { Records } from '#faas/records'

/** What the operations of this module need. */
export interface MetricsDeps extends Pick<Base, 'store' | 'clock'> {
  functions: Pick<Functions, 'find' | 'drafts' | 'usage'>
  records: Pick<Records, 'writer'>
}
