const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const

type Start = (run: unknown, ...rest: unknown[]) => unknown

/**
 * The runtime reports an error of a timer outside the call that set the timer. Caught here, it is still in that call.
 */
export function guardTimers(uncaught: (thrown: unknown) => void): void {
  for (const name of TIMERS) {
    const start = globalThis[name] as Start
    const guarded: Start = (run, ...rest) => {
      if (typeof run !== 'function') return start(run, ...rest)
      return start(
        (...given: unknown[]) => {
          try {
            run(...given)
          } catch (error) {
            uncaught(error)
          }
        },
        ...rest,
      )
    }
    // For `util.promisify`.
    for (const own of Object.getOwnPropertySymbols(start)) {
      Object.defineProperty(guarded, own, { value: Reflect.get(start, own) })
    }
    Object.defineProperty(globalThis, name, { value: guarded, writable: true, configurable: true })
  }
}
