/** Domain time, in milliseconds since 1970: everything that a user can configure or see. */
export interface Clock {
  /** It stands still until it is moved, and says nothing of the real time. */
  readonly isVirtual?: true
  now(): number
  /** Calls `ring` once, when domain time has reached `at`. Disposing cancels it. */
  alarm(at: number, ring: () => void): Disposable
}

/** Real time for machinery: leases, kill timers, pings, time-outs. Never shown to a user. */
export interface Monotonic {
  /** Milliseconds since an arbitrary start. */
  now(): number
  /** Calls `ring` once after `ms`; keeps the process alive only when `ref` is set. */
  after(ms: number, ring: () => void, options?: { ref?: boolean }): Disposable
  /** Calls `tick` every `ms` until disposed. */
  every(ms: number, tick: () => void): Disposable
  /** Resolves after `ms`. */
  sleep(ms: number): Promise<void>
  /** Calls `run` when everything that arrived in this turn of the event loop has been handled. */
  afterTurn(run: () => void): void
}

/** Longest delay that the runtime's timers accept without wrapping around. */
const MAX_TIMEOUT_MS = 2_147_483_647

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    alarm(at, ring) {
      let timer: NodeJS.Timeout
      const arm = () => {
        const wait = at - Date.now()
        timer =
          wait > MAX_TIMEOUT_MS
            ? setTimeout(arm, MAX_TIMEOUT_MS)
            : setTimeout(ring, Math.max(0, wait))
        timer.unref()
      }
      arm()
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
  }
}

export function systemMonotonic(): Monotonic {
  return {
    now: () => performance.now(),
    after(ms, ring, options) {
      const timer = setTimeout(ring, Math.min(ms, MAX_TIMEOUT_MS))
      if (!options?.ref) timer.unref()
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      timer.unref()
      return { [Symbol.dispose]: () => clearInterval(timer) }
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    afterTurn: (run) => void setImmediate(run),
  }
}
