import type { Logged } from './logged.ts'
import { flush } from './wire.ts'

const afterTurn = setImmediate
const soon = queueMicrotask

/**
 * Decides when queued frames are written: at once when no call is running, else at the end of this turn of the event loop,
 * so that a burst of calls costs one write.
 */
export const outbox = {
  running: 0,
  /** To be called when a call has ended. */
  isUsed: false,
  queued: false,
  scheduled: false,
  /** The running call, when there is only one. */
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
