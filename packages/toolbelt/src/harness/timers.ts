const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const

type Start = (run: unknown, ...rest: unknown[]) => unknown

/**
 * An error that a timer throws is reported outside of the call that set it; caught here, it still is in its context.
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
    // How `util.promisify` knows what to do with it.
    for (const own of Object.getOwnPropertySymbols(start)) {
      Object.defineProperty(guarded, own, { value: Reflect.get(start, own) })
    }
    Object.defineProperty(globalThis, name, { value: guarded, writable: true, configurable: true })
  }
}
