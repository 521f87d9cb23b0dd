import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'
import type { Functions } from '#faas/functions'
import type { Records } from '#faas/records'
import type { Sandbox } from '#faas/sandbox'

/** What the operations of this module need. */
export interface InvocationsDeps extends Pick<Base, 'store' | 'clock' | 'ids' | 'logger'> {
  settings: Pick<Settings, 'get' | 'peek'>
  functions: Pick<Functions, 'deployed' | 'drafts' | 'find' | 'runnables'>
  sandbox: Sandbox
  records: Pick<Records, 'writer' | 'newRecordId'>
  /** Secret texts that functions of the account have read. They must be masked in everything that is stored. */
  secretsOf(accountId: string): readonly string[]
}
