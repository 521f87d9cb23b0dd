import type { Base } from '#base/store'
import type { Repeated } from './repeated.ts'

export type OpenAuditDeps = Pick<Base, 'store' | 'clock' | 'ids' | 'monotonic' | 'logger'>

/** What its operations need. */
export interface AuditDeps extends OpenAuditDeps {
  repeated: Repeated
}
