import type { Logged } from './logged.ts'
import { FRAMES_AT_ONCE } from './protocol.ts'
import { flush } from './wire.ts'

const afterTurn = setImmediate

/**
 * Decides when queued frames are written: at the end of the read that brought their calls, later at once when no call is running any more,
 * else at the end of this turn of the event loop. So a burst of calls costs few writes.
 */
export const outbox = {
  running: 0,
  /** A call has begun since the function was evaluated. */
  isUsed: false,
  /** Frames that wait. */
  queued: 0,
  scheduled: false,
  /** What one read has brought is being taken. */
  isReading: false,
  /** The running call, when there is only one. */
  only: undefined as Logged | undefined,
}

export function written(): void {
  outbox.queued = 0
  flush()
}

export function writeSoon(): void {
  outbox.queued += 1
  if (outbox.queued >= FRAMES_AT_ONCE) return written()
  if (outbox.isReading) return
  if (outbox.running === 0) return written()
  if (outbox.scheduled) return
  outbox.scheduled = true
  afterTurn(() => {
    outbox.scheduled = false
    writeIfQueued()
  })
}

export function beginRead(): void {
  outbox.isReading = true
}

export function endRead(): void {
  outbox.isReading = false
  writeIfQueued()
}

function writeIfQueued(): void {
  if (outbox.queued > 0) written()
}

/** Whether no call is running, and all answers have left. */
export function isIdle(): boolean {
  return outbox.running === 0 && outbox.queued === 0
}
