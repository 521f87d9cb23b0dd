import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { Base } from '#base/store'
import type { Resolver } from '#faas/egress'
import type { AllowedHosts } from './allowed-hosts.ts'
import type { BlockedCalls } from './blocked-calls.ts'

/** What the operations of this module need. */
export interface FunctionConfigDeps extends Pick<Base, 'store' | 'clock' | 'ids'> {
  settings: Pick<Settings, 'get'>
  audit: Audit
  resolver: Resolver
  credentials: Credentials
  allowedHosts: AllowedHosts
  blockedCalls: BlockedCalls
}

/** Name of the user or application that makes a change. */
export type Actor = string
