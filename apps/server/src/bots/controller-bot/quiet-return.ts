import type { ChangeFacts } from '@parley/contract'

const HOURS_48_MS = 48 * 60 * 60 * 1000

/**
 * Published rule: the new conversation event is not triggered if the authenticated consumer's previous conversation
 * was auto-closed and the new one opened within 48 hours of that.
 */
export function isQuietReturn({ change, at, conversation }: ChangeFacts): boolean {
  return (
    change.kind === 'opened' &&
    change.previous?.autoClosed === true &&
    conversation.authenticated &&
    at - change.previous.endAt <= HOURS_48_MS
  )
}
