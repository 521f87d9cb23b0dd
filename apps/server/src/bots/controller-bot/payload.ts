import type { ChangeFacts, IdleTimings } from '@parley/contract'
import type { MessagingPayload, RaisedEvent } from '@parley/contract/events'
import { generalSection } from './general-section.ts'

/** What the function gets: `general`, and the section of its own event. */
export function messagingPayload(
  accountId: string,
  { type, section }: RaisedEvent,
  facts: ChangeFacts,
  timings: IdleTimings,
): MessagingPayload {
  return { general: generalSection(accountId, type, facts), ...section(timings) }
}
