import nodeTimers from 'node:timers'
import timerPromises from 'node:timers/promises'
import { currentCall } from './calls.ts'
import { type VirtualTimer, virtualTimerOf } from './virtual-timers.ts'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const

const stopReal = clearTimeout

type Start = (run: unknown, ...rest: unknown[]) => unknown

/**
 * The runtime reports an error of a timer outside the call that set the timer. Caught here, it is still in that call.
 */
export function guardTimers(uncaught: (thrown: unknown) => void): void {
  for (const name of TIMERS) {
    const start = globalThis[name] as Start
    const guarded: Start = (run, ...rest) => {
      if (typeof run !== 'function') return start(run, ...rest)
      const guardedRun = (...given: unknown[]) => {
        try {
          run(...given)
        } catch (error) {
          uncaught(error)
        }
      }
      return isDelayed(name) ? delay(name, start, guardedRun, rest) : start(guardedRun, ...rest)
    }
    // For `util.promisify`.
    for (const own of Object.getOwnPropertySymbols(start)) {
      const value = isDelayed(name) ? wait : Reflect.get(start, own)
      Object.defineProperty(guarded, own, { value })
    }
    set(globalThis, name, guarded)
    if (name !== 'queueMicrotask') set(nodeTimers, name, guarded)
  }
  for (const name of ['clearTimeout', 'clearInterval'] as const) {
    const stop = globalThis[name] as (timer: unknown) => void
    const stopAny = (timer: unknown) => {
      const virtual = virtualTimerOf(timer)
      if (virtual) virtual.close()
      else stop(timer)
    }
    set(globalThis, name, stopAny)
    set(nodeTimers, name, stopAny)
  }
  set(timerPromises, 'setTimeout', wait)
  set(timerPromises, 'setInterval', every)
  const { scheduler } = timerPromises
  const waitFor = (ms: number, options?: Aborted) => wait(ms, undefined, options)
  set(Object.getPrototypeOf(scheduler) as object, 'wait', waitFor)
}

function set(on: object, name: string, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true })
}

function isDelayed(name: string): boolean {
  return name === 'setTimeout' || name === 'setInterval'
}

const MAX_DELAY_MS = 2_147_483_647

/** A timer of a recorded call notes when it fires; one of a replay fires by the replay's time. */
function delay(
  name: string,
  start: Start,
  run: (...given: unknown[]) => void,
  [ms, ...given]: unknown[],
): unknown {
  const call = currentCall()
  if (!call?.trace || call.done) return noteTimer(start(run, ms, ...given))
  const wanted = Math.trunc(Number(ms))
  const delayMs = wanted >= 1 && wanted <= MAX_DELAY_MS ? wanted : 1
  const key = call.trace.timerKey(delayMs)
  const { live, replay } = call
  if (replay) {
    const repeats = name === 'setInterval'
    return replay.startTimer({ key, delayMs, repeats, run: () => run(...given) }) as VirtualTimer
  }
  const runNoted = (...told: unknown[]) => {
    live?.turn(key)
    run(...told)
  }
  return start(runNoted, ms, ...given)
}

/** Timers that belong to no running call, where replays share the process. */
let ofNoCall: unknown[] | undefined

function noteTimer(timer: unknown): unknown {
  if (ofNoCall) ofNoCall[ofNoCall.length] = timer
  return timer
}

/** Stops the timers that code of the module, and of calls that have ended, has started since the last time. */
export function stopTimersOfNoCall(): void {
  const started = ofNoCall ?? []
  for (let at = 0; at < started.length; at += 1) stopReal(started[at] as undefined)
  ofNoCall = []
}

interface Aborted {
  signal?: AbortSignal
}

/** `setTimeout` of `node:timers/promises`, by the timers of this file. */
function wait<T>(ms?: number, value?: T, { signal }: Aborted = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal))
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(value as T)
    }, ms)
    const stop = () => {
      clearTimeout(timer)
      if (signal) reject(abortError(signal))
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** `setInterval` of `node:timers/promises`: what was not asked for in time comes later, none is left out. */
async function* every<T>(ms?: number, value?: T, { signal }: Aborted = {}): AsyncGenerator<T> {
  if (signal?.aborted) throw abortError(signal)
  let due = 0
  let wake: () => void = () => undefined
  const timer = setInterval(() => {
    due += 1
    wake()
  }, ms)
  const stop = () => wake()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    while (!signal?.aborted) {
      if (due === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      for (; due > 0; due -= 1) yield value as T
    }
    throw abortError(signal)
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', stop)
  }
}

function abortError({ reason }: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}
