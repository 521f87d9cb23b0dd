import type { AuditOutcome } from '@parley/contract'

/** Who does something: a login name, `client:<id>`, `key:<id>` or `system`. */
export type Actor = string

export interface AuditFacts {
  actor: Actor
  /** Such as `user.changed`. */
  action: string
  /** Such as `user:1001`. */
  object: string
  /** Never secrets. */
  details?: Record<string, unknown>
}

/** What is done again and again. */
export interface RepeatedFacts extends AuditFacts {
  /** The caller's. */
  address: string | null
  /** The key or application that logged the actor in. */
  via?: string | null
  outcome?: AuditOutcome
}
