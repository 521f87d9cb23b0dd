import { getAsyncContext, setAsyncContext } from './runtime.ts'

/**
 * A value that code belongs to, and all that it starts: timers, promises, answers. As `AsyncLocalStorage`, beside which it may be used;
 * that one puts an entry into a `WeakMap` at each run, which costs as much as reading the body of a call.
 */
export interface AsyncValue<Value> {
  run<Result>(value: Value, code: () => Result): Result
  get(): Value | undefined
}

/** @param key of its own in the mapping that the runtime hands on; numbers are those of `AsyncLocalStorage` */
export function asyncValue<Value>(key: 'call' | 'site'): AsyncValue<Value> {
  return {
    run(value, code) {
      const before = getAsyncContext()
      setAsyncContext({ __proto__: null, ...before, [key]: value })
      try {
        return code()
      } finally {
        setAsyncContext(before)
      }
    },
    get: () => getAsyncContext()?.[key] as Value | undefined,
  }
}
