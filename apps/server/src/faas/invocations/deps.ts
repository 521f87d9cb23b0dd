import type { LineLog } from '#base/kernel'
import type { Settings } from '#identity/settings'
import type { SecretMask } from '#base/kit'
import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { Functions } from '#faas/functions'
import type { Recordings } from '#faas/recordings'
import type { Records } from '#faas/records'
import type { Sandbox } from '#faas/sandbox'

/** What the operations of this module need. */
export interface InvocationsDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  settings: Pick<Settings, 'get' | 'peek'>
  functions: Pick<Functions, 'deployed' | 'drafts' | 'find' | 'runnables'>
  sandbox: Sandbox
  records: Pick<Records, 'writer' | 'newRecordId'>
  recordings: Pick<Recordings, 'add' | 'inRow'>
  /** Hides what functions of the account have read as secrets. Everything that is stored goes through it. */
  maskOf(accountId: string): SecretMask
  /** A line of the server's log for each call. */
  logInvoked: LineLog
  /** A sentence on what would let a refused call out. */
  howToAllow: FunctionConfig['blockedCalls']['howToAllow']
}
