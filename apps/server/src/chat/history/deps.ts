import type { Base } from '#base/store'
import type { Settings } from '#identity/settings'

/** What the operations of this module need. */
export interface ChatHistoryDeps extends Pick<Base, 'store' | 'clock'> {
  settings: Pick<Settings, 'get'>
}
