import type { AutomaticMessageChange } from '@parley/contract'

export interface AutomaticMessageTable {
  accountId: string
  type: string
  /** Empty: all skills. */
  skillId: string
  /** Empty: all languages. */
  language: string
  change: AutomaticMessageChange
}
