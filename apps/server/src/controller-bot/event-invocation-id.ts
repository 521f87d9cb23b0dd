import { createHash } from 'node:crypto'

/** Stays the same however often an event is tried, so that a function can recognise a repetition. */
export function eventInvocationId(accountId: string, outboxId: number): string {
  const hash = createHash('sha256').update(`controller-bot/${accountId}/${outboxId}`).digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
