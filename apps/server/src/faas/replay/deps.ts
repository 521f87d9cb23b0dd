import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { Functions } from '#faas/functions'
import type { Invocations } from '#faas/invocations'
import type { Recordings } from '#faas/recordings'
import type { Records } from '#faas/records'
import type { Sandbox } from '#faas/sandbox'
import type { Settings } from '#identity/settings'

/** What the operations of this module need. */
export interface ReplayDeps extends Pick<Base, 'store' | 'ids' | 'clock'> {
  settings: Pick<Settings, 'get'>
  functionConfig: { secrets: Pick<FunctionConfig['secrets'], 'maskOf' | 'missing'> }
  functions: Pick<Functions, 'deployed' | 'drafts' | 'runnables'>
  records: Pick<Records, 'get' | 'writer'>
  recordings: Pick<Recordings, 'find'>
  invocations: Pick<Invocations, 'rerun'>
  sandbox: Pick<Sandbox, 'retire'>
}
