import type { ChangeFacts, IdleTimings } from '@parley/contract'
import type { MessagingPayload, RaisedEvent } from '@parley/contract/events'
import { generalSection } from './general-section.ts'

/** What the function gets: `general`, and every section. */
export function messagingPayload(
  accountId: string,
  { type, sections }: RaisedEvent,
  facts: ChangeFacts,
  timings: IdleTimings,
): MessagingPayload {
  return { general: generalSection(accountId, type, facts), ...sections(timings) }
}
