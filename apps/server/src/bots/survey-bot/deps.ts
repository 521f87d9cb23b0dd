import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import type { Conversations } from '#messaging/conversations'
import type { Reading } from '#messaging/reading'
import type { Base } from '#base/store'
import type { SurveyAssignments } from './survey-assignments.ts'

/** What the module is opened with. */
export interface SurveyBotDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  accounts: Accounts
  audit: Audit
  settings: Pick<Settings, 'get'>
  assignments: SurveyAssignments
  reading: Reading
  conversations: Conversations
  invocations: Invocations
}
