import type { Logged } from './log.ts'
import { flush } from './wire.ts'

const afterTurn = setImmediate
const soon = queueMicrotask

/**
 * Decides when queued frames are written: at once when no call is running any more, else together with whatever else
 * ends in this turn, so that a burst of calls costs one write.
 */
export const outbox = {
  running: 0,
  /** A call has run. */
  isUsed: false,
  queued: false,
  scheduled: false,
  /** The one call that can be meant when nothing says which. */
  only: undefined as Logged | undefined,
}

export function written(): void {
  outbox.queued = false
  flush()
}

export function writeSoon(): void {
  outbox.queued = true
  if (outbox.running === 0) soon(writeIfQueued)
  else if (!outbox.scheduled) {
    outbox.scheduled = true
    afterTurn(() => {
      outbox.scheduled = false
      writeIfQueued()
    })
  }
}

function writeIfQueued(): void {
  if (outbox.queued) written()
}
