import { FRAME } from '@parley/toolbelt/protocol'
import type { Monotonic } from '#base/kernel'
import type { Child } from './child.ts'
import { type ArrivedFrame, frameHead, freshKey, hasKey, NO_KEY } from './frames.ts'

/**
 * An instance that leaves a ping unanswered for so long computes, if a processor was its own for half of that. One that got none waits for a
 * processor, and a second instance would wait for the same.
 */
const COMPUTING_MS = 100
/** One that is silent for so long counts as computing without a processor, too: a function may wait without letting others run. */
const BLOCKED_MS = 1_000
/** How often the processor time of one that is silent is read. */
const LOOK_EVERY_MS = 20
/** One whose call is late and that leaves a ping unanswered for so long counts as stuck, if a processor was its own for half of that. */
const STUCK_MS = 250
/** However little it could run, it is stuck after so many times of that. */
const MAX_WAITS = 10

/** Whether the event loop of an instance turns: it is sent a ping, and answers it. */
export interface Pulse {
  /** Since when a ping is unanswered, in ms; 0 when none is. */
  readonly silentMs: number
  /** It is silent, and a new call would only wait. */
  readonly isComputing: boolean
  /** Sends a ping; one at a time. */
  ping(): void
  /** False when the frame answers no ping of ours. */
  pong(frame: ArrivedFrame): boolean
  /** What was silent until now was idle. */
  restart(): void
  /** Sends a ping and calls `stuck` when it stays unanswered. */
  expectPong(stuck: () => void): void
}

export function openPulse(options: {
  monotonic: Monotonic
  child: Pick<Child, 'usedMs'>
  send: (bytes: Buffer) => void
}): Pulse {
  const { monotonic, child, send } = options
  /** When the unanswered ping was sent, and what processor time the instance had had by then. */
  let pinged: { at: number; usedMs: number | undefined } | undefined
  let key: Buffer = NO_KEY
  let isComputing = false
  let lookedAt = 0

  const silentMs = () => (pinged ? monotonic.now() - pinged.at : 0)

  function begin(): void {
    pinged = { at: monotonic.now(), usedMs: child.usedMs() }
    isComputing = false
  }

  function ping(): void {
    if (pinged) return
    begin()
    key = freshKey()
    send(frameHead(FRAME.PING, 0, key, 0, 0))
  }

  /** What processor time it has had since it had had `usedMs`. */
  function hadMs(usedMs: number | undefined): number {
    return (child.usedMs() ?? Infinity) - (usedMs ?? 0)
  }

  function look(): boolean {
    const ms = silentMs()
    const now = monotonic.now()
    if (ms <= COMPUTING_MS || isComputing || now - lookedAt < LOOK_EVERY_MS) return isComputing
    lookedAt = now
    isComputing = ms > BLOCKED_MS || hadMs(pinged?.usedMs) >= COMPUTING_MS / 2
    return isComputing
  }

  return {
    get silentMs() {
      return silentMs()
    },
    get isComputing() {
      return look()
    },
    ping,
    pong(frame) {
      if (!pinged || !hasKey(frame, key)) return false
      pinged = undefined
      isComputing = false
      return true
    },
    restart() {
      if (pinged) begin()
    },
    expectPong(stuck) {
      ping()
      const asked = pinged
      const usedMs = child.usedMs()
      const wait = (times: number): void => {
        monotonic.after(STUCK_MS, () => {
          if (pinged !== asked) return
          if (times === 1 || hadMs(usedMs) >= STUCK_MS / 2) stuck()
          else wait(times - 1)
        })
      }
      wait(MAX_WAITS)
    },
  }
}
