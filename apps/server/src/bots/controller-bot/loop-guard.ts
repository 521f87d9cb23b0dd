import type { ChangeFacts } from '@parley/contract'

/** What caused a change, carried by every change that the Controller Bot's commands bring about. */
export type Cause = NonNullable<ChangeFacts['causedBy']>

/**
 * A function is called once for an event that it, or another function, has caused. The second event of the same kind in one
 * chain of causes would be a loop. What people do, and what time does, begins a new chain.
 */
export function isLoop(cause: Cause | undefined, eventId: string): boolean {
  return cause !== undefined && (cause.chain ?? []).includes(eventId)
}

/** The cause of whatever the commands of this event bring about. */
export function nextCause(
  outboxId: number,
  changeKind: string,
  eventId: string,
  cause: Cause | undefined,
): Cause {
  const chain = cause?.chain ?? []
  return {
    outboxId,
    changeKind,
    chain: cause === undefined || chain.includes(eventId) ? chain : [...chain, eventId],
  }
}
