import type { Base } from '#base/store'
import type { Functions } from '#faas/functions'

/** What the operations of this module need. */
export interface SavedPayloadsDeps extends Pick<Base, 'store' | 'ids' | 'clock'> {
  functions: Pick<Functions, 'find'>
}
